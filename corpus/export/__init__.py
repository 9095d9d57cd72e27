"""Exports articles to a file, and restores them from it without loss."""
