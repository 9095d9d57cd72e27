"""Parses a question: its kind, proposition, period and named sources."""
