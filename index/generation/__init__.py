"""Generations of the index on disk: vectors and postings, built, verified, scanned."""
