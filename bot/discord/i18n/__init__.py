"""The bot's own texts in every language that it speaks."""
