"""Fits what the program has learned from data; nothing here is needed to answer."""
