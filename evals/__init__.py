"""Measures and trains; the product never imports it."""
