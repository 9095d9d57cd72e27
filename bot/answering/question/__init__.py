"""Reads a question: its kind, who is said to have done what, when, and according to whom."""
