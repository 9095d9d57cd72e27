"""Turns hits into an Answer: quotes, verdict or refusal, attribution, citations."""
