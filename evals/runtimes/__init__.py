"""Compares runtimes for encoding."""
