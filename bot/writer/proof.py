"""Proves sentences: each must say what its quotes say, by value and, as far as can be told, in meaning."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Evidence
from bot.answering.reader.relations import Excerpt, Reader, ReaderOutput, Relation
from bot.writer.client import LONGEST_SENTENCE, MAX_CITATIONS
from bot.writer.comparison import content_words, share_held
from bot.writer.measures import Measured, measure
from bot.writer.proof_model import packaged_proof_model
from bot.writer.source import Source, cited
from bot.writer.values import value_problems
from bot.writer.written import Checked, Draft, Fault, Problem

# A quote that holds less of a sentence is cited for nothing: alone, and with other quotes.
MIN_CITED = 0.2
MIN_CITED_WITH_OTHERS = 0.1
# Characters of a cited quote with its title and names: stored sentences are far shorter, and longer ones take seconds.
LONGEST_CITED = 4_000
# Characters of quotes that the reader reads in one piece; it cuts longer ones.
_LONGEST_READ = 900
_MARKUP = re.compile(r"https?:|www\.|</?\w|\[[^\[\]]*+\]\(|^\s*[#>*-]\s|```|@everyone|@here|<@", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our|us|you|your)\b")
_SENTENCE_END = re.compile(r"[.!?][”\"’')]?$")
_IS_IT_TRUE = "Is it true that {}?"


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is wrong with a sentence for certain, and its measures; None where its form or its citations are wrong."""

    faults: tuple[Problem, ...]
    measured: Measured | None


class Prover:
    """Proves sentences against quotes.

    Names, numbers, dates, quoted words and citations are compared by value, and one that differs is enough to fail; so
    is a claim told as fact, another negation, cause or side, or what is only possible told as done. A sentence of the
    quotes' own words, against which nothing speaks, is shown. Of one in other words the model tells how probable it is
    that the quotes say it.

    Args:
        reader: reads them.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def prove(self, drafts: Sequence[Draft], evidence: Sequence[Evidence]) -> list[Checked]:
        """Return each sentence with what is wrong with it, in order; about 35 ms each on two cores, 0.5 s at most."""
        return [self._prove(each, evidence) for each in drafts]

    def _prove(self, draft: Draft, evidence: Sequence[Evidence]) -> Checked:
        weighed = self.weigh(draft, evidence)
        if weighed.measured is None:
            return Checked(draft, weighed.faults, 0.0, 0.0)
        model, sources = packaged_proof_model(), cited(draft.citations, evidence)
        support, faults = model.probability(weighed.measured.values), weighed.faults
        if support < model.shown_from:
            faults = tuple(dict.fromkeys((*faults, *weighed.measured.doubts)))
        words = [each.stem for each in content_words(draft.text)]
        coverage = share_held(words, frozenset().union(*(each.stems for each in sources)))
        return Checked(draft, faults, round(support, 4), round(coverage, 4))

    def weigh(self, draft: Draft, evidence: Sequence[Evidence]) -> Weighed:
        """Return what is wrong with a sentence for certain, and its measures."""
        sources = cited(draft.citations, evidence)
        if problems := [*_form_problems(draft), *_citation_problems(draft, sources, len(evidence))]:
            return Weighed(tuple(problems), None)
        words = [each.stem for each in content_words(draft.text)]
        measured = measure(draft.text, sources, self._read(draft.text, sources))
        by_value = (*_idle_citations(words, sources), *value_problems(draft.text, sources))
        return Weighed((*by_value, *measured.faults), measured)

    def _read(self, text: str, sources: Sequence[Source]) -> ReaderOutput:
        """Return what the reader says of quotes, asked whether a sentence is true.

        It reads them in one piece; quotes that are too long for that each alone, of which the one that says it counts.
        """
        whole = Excerpt(sources[0].excerpt.heading, " ".join(each.text for each in sources))
        excerpts = [whole] if len(whole.text) <= _LONGEST_READ else [whole, *(each.excerpt for each in sources)]
        outputs = self._reader.read(_IS_IT_TRUE.format(text.rstrip(" .!?")), excerpts)
        return max(outputs, key=lambda said: said.probability(Relation.YES))


def _form_problems(draft: Draft) -> list[Problem]:
    text = draft.text
    if not text or len(text) > LONGEST_SENTENCE:
        return [Problem(Fault.FORM, f"A sentence has 1 to {LONGEST_SENTENCE} characters.")]
    if _MARKUP.search(text) or not _SENTENCE_END.search(text) or not text[0].isprintable():
        return [Problem(Fault.FORM, "It must be one plain sentence, without links or markup.")]
    unquoted = re.sub(r"“[^“”]*+”|\"[^\"]*+\"|‘[^‘’]*+’", "", text)
    if _FIRST_PERSON.search(unquoted):
        return [Problem(Fault.FORM, "It must speak neither of the writer nor to the reader.")]
    return []


def _citation_problems(draft: Draft, sources: Sequence[Source], count: int) -> list[Problem]:
    if not draft.citations:
        return [Problem(Fault.CITATION, "It cites no quote.")]
    if len(draft.citations) > MAX_CITATIONS:
        return [Problem(Fault.CITATION, f"It cites more than {MAX_CITATIONS} quotes.")]
    if len(sources) < len(draft.citations):
        return [Problem(Fault.CITATION, f"It cites a quote that does not exist: there are {count}.")]
    for each in sources:
        if each.length > LONGEST_CITED:
            return [Problem(Fault.CITATION, f"Quote {each.number} has more than {LONGEST_CITED} characters.")]
    return []


def _idle_citations(words: Sequence[str], sources: Sequence[Source]) -> list[Problem]:
    """Return the cited quotes that hold next to nothing of a sentence."""
    least = MIN_CITED if len(sources) == 1 else MIN_CITED_WITH_OTHERS
    return [
        Problem(Fault.CITATION, f"Quote {each.number} does not speak of this.")
        for each in sources
        if share_held(words, each.stems) < least
    ]
