"""Embeds texts: models, encoders and the vector store."""
