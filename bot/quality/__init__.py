"""Evaluates answers to questions with known answers, and calibrates refusal."""
