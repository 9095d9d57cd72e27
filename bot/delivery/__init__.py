"""The ways of a brief out of the bot: e-mail, webhook, and a feed file."""
