"""Combines a generation with the changes since it was built, within what a reader may see."""
