"""Decides yes/no questions by what the reader says of sentences and passages."""
