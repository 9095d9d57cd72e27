"""Answers from several processes, which share models and index: what forks them, what each does, what replaces them."""
