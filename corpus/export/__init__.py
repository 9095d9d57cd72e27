"""Exports articles to a file and restores them without loss."""
