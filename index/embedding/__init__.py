"""Turns texts into vectors: models, encoders, and the store of vectors."""
