"""Reads passages with a question: how each stands to it, where it answers, and how relevant it is."""
