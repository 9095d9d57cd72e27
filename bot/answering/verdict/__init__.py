"""Decides yes/no questions: the stance of each sentence, and the verdict from all of them."""
