"""Search: words and vectors, fused and filtered."""
