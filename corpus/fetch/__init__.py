"""Fetches articles from untrusted links: address checks, limits, and the choice of pages that are articles."""
