"""Shows what the service returns: as text at a terminal, or as JSON."""
