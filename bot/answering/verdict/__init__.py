"""Judges quotes: how each stands toward what the question puts forward, and what they say together."""
