"""How we find it: embeds passages, keeps generations of the vector index, retrieves hits."""
