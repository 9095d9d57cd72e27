"""Pure functions that turn data into Discord pages."""
