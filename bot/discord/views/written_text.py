"""Proven sentences in Discord's markup, with superscript numbers that open the article at the quote."""

from collections.abc import Sequence

from bot.answering.answer import Answer, Evidence
from bot.discord.i18n.phrases import Phrases
from bot.discord.views.escape import brief, escape, safe_url
from bot.render.sentence_printer import superscript
from bot.writer.written import Checked, Written

# Characters of all sentences; links give way before sentences do.
_LONGEST_BLOCK = 1_400
_LONGEST_MODEL = 60


def all_quotes(answer: Answer, written: Written) -> tuple[Evidence, ...]:
    """Return the quotes that the sentences cite by number, then those of the answer that are not among them."""
    more = (each for each in answer.evidence if each not in written.evidence)
    return (*written.evidence, *more)


def sentences_block(written: Written, *, linked: bool) -> str:
    """Return the sentences with the numbers of their quotes, as many whole ones as have room."""
    whole = _block(written.sentences, written.evidence, linked=linked)
    if linked and len(whole) > _LONGEST_BLOCK:
        whole = _block(written.sentences, written.evidence, linked=False)
    shown = list(written.sentences)
    while len(whole) > _LONGEST_BLOCK and len(shown) > 1:
        shown.pop()
        whole = _block(shown, written.evidence, linked=False)
    return whole


def numbered(block: str, place: int) -> str:
    """Return the block of a quote with its number before it; `place` counts from 0."""
    return f"> {superscript((place + 1,))} {block.removeprefix('> ')}"


def written_lines(written: Written, phrases: Phrases) -> list[str]:
    """Return the line on who wrote it, and one on quotes that tell one side only."""
    lines = [phrases.say("written-by", model=escape(brief(written.model, _LONGEST_MODEL)))]
    if written.one_sided is not None:
        lines.insert(0, phrases.say(f"one-sided-{written.one_sided}"))
    return lines


def _block(sentences: Sequence[Checked], evidence: Sequence[Evidence], *, linked: bool) -> str:
    return " ".join(f"{escape(each.draft.text)}{_numbers(each, evidence, linked=linked)}" for each in sentences)


def _numbers(checked: Checked, evidence: Sequence[Evidence], *, linked: bool) -> str:
    found = []
    for number in checked.draft.citations:
        citation = evidence[number - 1].citation
        url = safe_url(citation.link) if linked and citation.url else ""
        mark = superscript((number,))
        found.append(f"[{mark}](<{url}>)" if url else mark)
    return "\N{THIN SPACE}".join(["", *found])
