"""Nonsense of the quotes' own words and near misses of them: hardly any is shown, and its quotes hold that up."""

import random
import re
from collections import Counter

from bot.answering.reader.packaged import packaged_reader
from bot.writer.measures import FOREIGN
from bot.writer.proof import Prover
from bot.writer.source import cited
from bot.writer.word_checks import missing_words
from bot.writer.word_likeness import likest
from bot.writer.written import Draft
from tests.crash.near_misses import KINDS, near_miss
from tests.discord.made_answers import citation, evidence

QUOTES = (
    "Kurland's ministry of defence denied on 3 March 2024 that it had sold 40 tanks to Ormland.",
    "Ormland's army said on Monday that 15 of the tanks were in use near Salis.",
    "The court in Salis did not acquit Anna Berg, and 12 people protested outside.",
    "France recognised Kurland in 2021, after Norway had refused to do so.",
)
SEEDS = 8
QUOTES_WORDS = re.compile(r"[^\W\d_]+")


def test_of_nonsense_and_near_misses_hardly_any_is_shown_and_each_word_of_it_stands_in_its_quotes() -> None:
    prover = Prover(packaged_reader())
    quotes = [evidence(number, text, citation=citation("Courier")) for number, text in enumerate(QUOTES, start=1)]
    shown, made = Counter[str](), Counter[str]()
    for seed in range(SEEDS):
        for kind in KINDS:
            text, numbers = near_miss(kind, QUOTES, random.Random(seed))
            draft = Draft(text, tuple(numbers))
            told = "verbatim" if text in QUOTES else kind
            [checked] = prover.prove([draft], quotes)
            made[told] += 1
            shown[told] += checked.is_proven
            if checked.is_proven:
                sources = cited(draft.citations, quotes)
                words = [text[each.start : each.end].lower() for each in missing_words(text, sources)]
                theirs = QUOTES_WORDS.findall(" ".join(each.text.lower() for each in sources))
                assert all(likest(word, theirs) >= FOREIGN for word in words)
                assert prover.prove([draft], quotes) == [checked]
    assert shown["verbatim"] == made["verbatim"]
    # What follows "that" is true where the quote tells it itself.
    assert shown["counted"] + shown["negated"] + shown["swapped"] == 0
    assert shown["salad"] + shown["merged"] <= 0.2 * (made["salad"] + made["merged"])
