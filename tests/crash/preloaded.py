"""What the fork server loads once, so that every child has it from its first moment: imports and the language model."""

import importlib

from corpus.language import detect_language

MODULES = (
    "bot.service.ingest",
    "bot.service.poll",
    "corpus.feeds.poll_feed",
    "tests.fakes",
    "tests.feeds",
    "trafilatura",
)

for module in MODULES:
    importlib.import_module(module)
detect_language("The council of the village voted on Monday, its mayor told reporters in the town hall.")
