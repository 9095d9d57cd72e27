"""Compares Attaché with other retrieval systems on the same articles and questions."""
