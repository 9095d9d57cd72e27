"""Embeds passages, builds generations of the vector index, and retrieves hits."""
