"""Finds attributions in a text: who says what, with which cue."""
