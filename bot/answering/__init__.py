"""Turns hits into an Answer: which sentences are quoted, whether the evidence is enough, what is cited."""
