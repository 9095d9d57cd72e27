"""Renders what the service returns, as terminal text or JSON."""
