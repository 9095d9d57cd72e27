"""Keeps vectors and words of passages in Milvus, a search server, and searches them there."""
