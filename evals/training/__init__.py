"""Trains the attribution tagger; not needed to answer."""
