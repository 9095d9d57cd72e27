"""Measures speed: makes corpora of any size, times each part against a baseline, and writes the report."""
