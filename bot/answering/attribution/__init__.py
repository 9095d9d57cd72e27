"""Finds who says what and how in a text: source, cue and content with their offsets, cue class, negation, speaker."""
