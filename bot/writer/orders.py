"""Leaves out what addresses a language model: neither the model nor the proof gets such sentences of an article."""

import re

from corpus.sentences import split_sentences

# Marks that end or begin a turn in the templates of many models: "<|im_end|>", "[INST]", "<start_of_turn>".
_TURN_MARKS = re.compile(
    r"<\|[^<>|]{0,40}\|?>|\[/?INST\]|</?s>|<</?SYS>>|<(?:start|end)_of_turn>|^#{2,}\s*\w+:",
    re.IGNORECASE | re.MULTILINE,
)
# The openings of orders to a model; in news they stand only where news is about such orders.
_ORDERS = re.compile(
    r"""\b(?:ignore|disregard|forget)\s+(?:\w+\s+){0,3}
        (?:rules?|instructions?|prompts?|guidelines|orders|above|documents?)\b
      | ^\W{0,3}(?:system|assistant|developer|user)\s*:
      | \b(?:you\s+are|act\s+as|pretend\s+to\s+be)\s+(?:now\s+)?(?:an?\s+)?(?:\w+\s+)?
        (?:assistant|ai|language\s+model|chatbot)\b
      | \bas\s+an\s+ai\b
      | \b(?:reveal|print|repeat|reply\s+with)\s+(?:\w+\s+){0,3}(?:prompt|instructions|key|password)\b
      | \bnew\s+(?:system\s+)?instructions?\s*:""",
    re.IGNORECASE | re.VERBOSE,
)


def without_orders(text: str) -> str:
    """Return a text without the sentences that address a language model."""
    if not _TURN_MARKS.search(text) and not _ORDERS.search(text):
        return text
    spans = split_sentences(text, 0, len(text))
    sentences = (text[each.start : each.end].strip() for each in spans)
    return " ".join(each for each in sentences if not _TURN_MARKS.search(each) and not _ORDERS.search(each))
