"""The interface's words in every language it speaks."""
