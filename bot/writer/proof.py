"""Proves sentences: each must say what its quotes say, by value, by speaker and to the reader."""

import re
from collections.abc import Sequence
from statistics import fmean

from bot.answering.answer import Evidence
from bot.answering.numbers import read_numbers
from bot.answering.question.aliases import mentions
from bot.answering.reader.relations import Excerpt, Reader, ReaderOutput, Relation
from bot.answering.stated_dates import without_dates
from bot.writer.attributed import speaker_problems
from bot.writer.clause_checks import clause_problems
from bot.writer.client import LONGEST_SENTENCE, MAX_CITATIONS
from bot.writer.comparison import (
    cause_parts,
    content_words,
    forbidden_stems,
    gives_cause,
    is_held,
    is_negated,
    negated_scopes,
    negations_before,
    share_held,
    stems,
)
from bot.writer.roles import role_problems
from bot.writer.source import Source, cited
from bot.writer.values import value_problems
from bot.writer.written import Checked, Draft, Fault, Problem
from index.terms import Terms

# Chosen on `python -m evals quality writer`; docs/evaluation.md has the figures, and the command measures them again.
# From this support on the reader does not stand against a sentence whose every word the quotes hold.
MIN_SUPPORT = 0.1
# From this probability on the reader contradicts a sentence.
CONTRADICTED = 0.6
# Share of the words of a cause that the quotes must hold.
MIN_CAUSE = 0.7
# From this share of its words on a sentence tells what a quote negates.
NEGATED = 0.75
# A cited quote that holds less of a sentence is cited for nothing.
MIN_CITED = 0.2
# Words of connection and of news that say nothing by themselves.
_CONNECTING = frozenset(
    Terms().stem(
        """also however meanwhile earlier later separately both although though including among well former according
        report article quote statement say people two rather least""".split()
    )
)
# Characters of a cited quote with its title and names: stored sentences are far shorter, and longer ones take seconds.
LONGEST_CITED = 4_000
_COMMON_LETTERS = 5
_NAMED_WORDS = 3
_MARKUP = re.compile(r"https?:|www\.|</?\w|\[[^\[\]]*+\]\(|^\s*[#>*-]\s|```|@everyone|@here|<@", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our|us|you|your)\b")
_SENTENCE_END = re.compile(r"[.!?][”\"’')]?$")
_IS_IT_TRUE = "Is it true that {}?"


class Prover:
    """Proves sentences against quotes.

    Args:
        reader: reads them.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def prove(self, drafts: Sequence[Draft], evidence: Sequence[Evidence]) -> list[Checked]:
        """Return each sentence with what is wrong with it, in order; about 35 ms each on two cores, 0.5 s at most."""
        return [self._prove(each, evidence) for each in drafts]

    def _prove(self, draft: Draft, evidence: Sequence[Evidence]) -> Checked:
        sources = cited(draft.citations, evidence)
        if problems := [*_form_problems(draft), *_citation_problems(draft, sources, len(evidence))]:
            return Checked(draft, tuple(problems), 0.0, 0.0)
        words = [each.stem for each in content_words(draft.text)]
        held = frozenset().union(*(each.stems for each in sources))
        coverage = share_held(words, held)
        support, said = self._read(draft.text, sources)
        problems = [
            *_idle_citations(words, sources),
            *value_problems(draft.text, sources),
            *speaker_problems(draft.text, sources),
            *_negation_problems(draft.text, sources),
            *_cause_problems(draft.text, sources),
            *role_problems(draft.text, sources),
            *clause_problems(draft.text, sources),
            *_word_problems(draft.text, held),
            *([] if _repeats_quote(draft.text, sources) else _support_problems(support, said)),
        ]
        return Checked(draft, tuple(problems), round(support, 4), round(coverage, 4))

    def _read(self, text: str, sources: Sequence[Source]) -> tuple[float, list[ReaderOutput]]:
        """Return how sure the reader is that the quotes, one or all together, say it."""
        excerpts = [each.excerpt for each in sources]
        if len(excerpts) > 1:
            excerpts.append(Excerpt(excerpts[0].heading, " ".join(each.text for each in sources)))
        outputs = self._reader.read(_IS_IT_TRUE.format(text.rstrip(" .!?")), excerpts)
        return max(map(_support, outputs), default=0.0), outputs


def _support(said: ReaderOutput) -> float:
    return said.probability(Relation.YES) + 0.7 * said.probability(Relation.CLAIMED, Relation.BOTH)


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
    return [
        Problem(Fault.CITATION, f"Quote {each.number} does not speak of this.")
        for each in sources
        if share_held(words, each.stems) < MIN_CITED
    ]


def _word_problems(text: str, held: frozenset[str]) -> list[Problem]:
    """Return the words that no quote holds, nor a synonym or another form of them."""
    # Those are compared by value.
    apart = [(each.start, each.end) for each in mentions(text)]
    apart += [(each.start, each.end) for each in read_numbers(text)]
    missing = [
        text[each.start : each.end]
        for each in content_words(text)
        if not is_held(each.stem, held)
        and each.stem not in _CONNECTING
        and not _has_form(each.stem, held)
        and not any(start <= each.start < end for start, end in apart)
    ]
    named = ", ".join(f"“{each}”" for each in missing[:_NAMED_WORDS])
    return [Problem(Fault.UNSUPPORTED, f"The quotes do not hold {named}.")] if missing else []


def _has_form(stem: str, held: frozenset[str]) -> bool:
    """Return whether another form of a word is there, with the same beginning: "Swedish" for "Sweden"."""
    begin = stem[:_COMMON_LETTERS]
    return len(stem) >= _COMMON_LETTERS and any(each.startswith(begin) for each in held)


def _negation_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    words = frozenset(each.stem for each in content_words(text))
    if not is_negated(text):
        # What a quote negates may not be told without the negation.
        negated = [each for source in sources for each in forbidden_stems(source.text)]
        told = any(fmean(is_held(stem, words) for stem in each) >= NEGATED for each in negated)
        return [Problem(Fault.NEGATION, "The quotes negate or deny this.")] if told else []
    scopes = [scope for each in sources for scope in negated_scopes(each.text)]
    if not scopes:
        return [Problem(Fault.NEGATION, "The quotes do not negate or deny this.")]
    held = frozenset().union(*scopes)
    if not any(any(is_held(stem, held) for stem in scope) for scope in negated_scopes(text)):
        return [Problem(Fault.NEGATION, "The quotes negate or deny something else.")]
    return _doubled_problems(text, sources)


def _doubled_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    """Return where one negation stands for two or two for one: "denied that it had not paid" says that it paid."""
    is_other = False
    for stem, counts in negations_before(text).items():
        theirs = set().union(*(negations_before(each.text).get(stem, set()) for each in sources))
        if counts & theirs - {0}:
            return []
        is_other |= bool(theirs) and max(counts | theirs) > 1 and {0} not in (counts, theirs)
    return [Problem(Fault.NEGATION, "The quotes negate this once more or once less.")] if is_other else []


def _cause_problems(text: str, sources: Sequence[Source]) -> list[Problem]:
    parts = cause_parts(text)
    if not parts:
        return []
    giving = [each for each in sources if gives_cause(each.text)]
    if not giving:
        return [Problem(Fault.CAUSE, "The quotes give no cause.")]
    # Where a quote says clearly what the cause is, that must be it.
    stated = " ".join(part for each in giving for part in cause_parts(each.text))
    held = frozenset(each.stem for each in content_words(stated)) or frozenset().union(*(each.stems for each in giving))
    for part in parts:
        if share_held([each.stem for each in content_words(part)], held) < MIN_CAUSE:
            return [Problem(Fault.CAUSE, "The quotes give another cause.")]
    return []


def _repeats_quote(text: str, sources: Sequence[Source]) -> bool:
    """Return whether a sentence has all words of a quote in order, but for dates: then the reader errs."""
    return any(_undated(text) == _undated(each.text) for each in sources)


def _undated(text: str) -> list[str]:
    return [each for each in stems(without_dates(text)) if each not in {"on", "in"}]


def _support_problems(support: float, said: Sequence[ReaderOutput]) -> list[Problem]:
    if said and min(each.probability(Relation.NO) for each in said) >= CONTRADICTED:
        return [Problem(Fault.UNSUPPORTED, "The quotes say the opposite.")]
    if support < MIN_SUPPORT:
        return [Problem(Fault.UNSUPPORTED, "The quotes do not say this.")]
    return []
