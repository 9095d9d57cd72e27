"""Answers in whole sentences: a language model drafts them, and only sentences that the quotes prove are shown."""
