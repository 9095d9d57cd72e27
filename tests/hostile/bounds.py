"""What the product itself bounds before a regular expression sees it: how long a text is, and that it was cleaned."""

from dataclasses import dataclass

from bot.answering.credit import LONGEST_NAME
from bot.answering.question.follow_up import MAX_EARLIER
from bot.answering.question.kind import LONGEST_QUESTION
from bot.answering.reading_bounds import MAX_PASSAGE
from corpus.normalize import clean_line
from corpus.sentences import MAX_LETTERS
from tests.hostile.patterns import Place

# Discord's bounds of an option (6,000 characters) are not counted as one here: it may be raised, and is no code of ours.


@dataclass(frozen=True, slots=True)
class Bound:
    """The text that reaches the patterns of a file or folder.

    `most_ms` is what one pattern may take on it: little where it is tried on each of hundreds of sentences.
    """

    where: str
    longest: int
    most_ms: float
    why: str

    def cut(self, text: str) -> str:
        """Return what the product would hand on of a text."""
        return clean_line(text)[: self.longest]


# The first whose beginning of "file name" fits counts.
BOUNDS = (
    Bound("bot/answering/question/follow_up.py", MAX_EARLIER, 20, "resolve_follow_up"),
    Bound("bot/answering/question/", LONGEST_QUESTION, 20, "check_question"),
    Bound("bot/answering/verdict/headline.py", MAX_PASSAGE, 20, "bound_hit"),
    # What stands right before a number.
    Bound("bot/answering/verdict/numbers.py _BEFORE", 24, 1, "read_numbers"),
    # A sentence, or two of them.
    Bound("bot/answering/verdict/", 2 * MAX_LETTERS, 6, "split_sentences"),
    Bound("bot/answering/speaker.py", MAX_PASSAGE, 20, "bound_hit"),
    Bound("bot/answering/credit.py _BEGUN", LONGEST_NAME, 1, "_speaker"),
    Bound("bot/answering/credit.py", MAX_PASSAGE, 20, "bound_hit"),
    Bound("bot/answering/disowned.py", MAX_PASSAGE, 20, "bound_hit"),
    Bound("bot/answering/attribution/", MAX_PASSAGE, 20, "bound_hit"),
    Bound("index/search/query.py", LONGEST_QUESTION, 20, "check_question"),
    Bound("corpus/boilerplate.py _CAPTION", 250, 1, "_is_caption"),
    Bound("corpus/boilerplate.py _CREDIT", 60, 1, "_is_caption"),
    Bound("corpus/boilerplate.py _IS_ROLE", 1_500, 1, "_begins_biography"),
    Bound("corpus/boilerplate.py _COVERS", 1_500, 1, "_begins_biography"),
    Bound("corpus/boilerplate.py _CREDENTIALS", 1_500, 1, "_begins_biography"),
    # A line that is a candidate for boilerplate or a footer.
    Bound("corpus/boilerplate.py", 600, 10, "is_boilerplate, may_be_footer"),
    Bound("corpus/dates.py", 80, 3, "parse_published"),
    Bound("corpus/worded_dates.py", 80, 3, "parse_published"),
    Bound("corpus/urls.py", 2_000, 3, "canonical_url"),
    Bound("corpus/abbreviations.py", 40, 1, "split_sentences"),
    Bound("corpus/outline.py _SAYING", 60, 1, "_is_label"),
    Bound("corpus/formats/reflow.py _HYPHENATED", 60, 1, "_append"),
    Bound("corpus/formats/reflow.py _NUMBER", 60, 1, "_is_number"),
    Bound("corpus/publishers/look.py", 200, 1, "look"),
    Bound("corpus/formats/web_page.py _PROSE_SENTENCE", 10_000, 20, "_unfold_preformatted"),
    Bound("bot/answering/satire.py _NAME", 500, 2, "is_satire"),
    Bound("bot/answering/satire.py _ADDRESS", 500, 2, "is_satire"),
    Bound("bot/answering/satire.py", 500, 5, "is_satire"),
)
# Tried only at the start of a text, by a call that does not name them: `pattern.match` over several.
ANCHORED = frozenset(
    ("corpus/boilerplate.py " + name) for name in ("_WHOLE", "_IS_ROLE", "_COVERS", "_EXPERIENCE", "_CREDENTIALS")
)
# Never given what they don't match, so that no attack on them is one on the product.
EXEMPT: dict[str, str] = {}


def bound_of(place: Place) -> Bound | None:
    """Return the bound of the texts that a pattern sees, None without one."""
    return next((bound for bound in BOUNDS if key_of(place).startswith(bound.where)), None)


def key_of(place: Place) -> str:
    """Return the file and name of a pattern."""
    return f"{place.file} {place.name}".rstrip()
