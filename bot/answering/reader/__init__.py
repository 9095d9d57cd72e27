"""Reads passages with a question: how each stands to it, and where it answers."""
