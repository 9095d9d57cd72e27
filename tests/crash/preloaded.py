"""What the fork server loads once, so that every child has it from its first moment: imports and the language model."""

import importlib

from corpus.language import detect_language

for module in ("corpus.feeds.poll_feed", "tests.crash.kill_at_random", "tests.crash.kill_polling", "trafilatura"):
    importlib.import_module(module)
detect_language("The council of the village voted on Monday, its mayor told reporters in the town hall.")
