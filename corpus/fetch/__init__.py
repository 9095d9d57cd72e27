"""Gets articles from links: which addresses may be reached, within which limits, and which pages are articles."""
