"""Measures speed: makes corpora of any size, times each part beside a baseline, and writes the report."""
