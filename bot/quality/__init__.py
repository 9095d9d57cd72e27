"""Measures how well and how fast questions are answered."""
