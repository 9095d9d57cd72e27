"""Builds, verifies and searches the generations of the index on disk."""
