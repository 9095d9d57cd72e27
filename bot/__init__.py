"""How we answer: hits become an Answer, shown at the terminal or in Discord."""
