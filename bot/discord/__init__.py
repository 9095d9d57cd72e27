"""The Discord bot: what reaches it, what it shows, and how it runs."""
