"""Measures how well attributions and copies are found."""
