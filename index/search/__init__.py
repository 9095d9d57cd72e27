"""Searches words and vectors, fused and filtered."""
