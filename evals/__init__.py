"""Measures and trains; never imported by the product."""
