"""Trains and measures the reader: how a passage stands to a question, and where its answer stands."""
