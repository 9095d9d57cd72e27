"""Prepares articles for storing: the part of ingest that needs no database, so other processes can do it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from corpus.article import Draft, Rejection, SourceItem
from corpus.boilerplate import is_boilerplate
from corpus.broken_words import join_broken_words
from corpus.derived import Derived, derive
from corpus.errors import UnreadableSource
from corpus.formats import PARSER_ERRORS
from corpus.formats.fields import StatedFields
from corpus.formats.sidecar import fill_fields
from corpus.normalize import clean_body, clean_line

# In characters. The longest headlines have 250; longer is a text in the wrong column.
MAX_TITLE = 500
MAX_NAME = 300
# Of one article: each is looked at on its own, some 20 µs long. A novel has 70,000 lines, wrapped.
MAX_LINES = 100_000
_SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "…", ")")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed and cleaned article, and what follows from its text, if that was computed ahead."""

    draft: Draft
    derived: Derived | None = None

    def derived_of(self, draft: Draft) -> Derived | None:
        """Return what follows from a draft's text, if it is still the text that was prepared."""
        is_same = (draft.body, draft.language) == (self.draft.body, self.draft.language)
        return self.derived if is_same else None


@dataclass(frozen=True, slots=True)
class Preparer:
    """Turns the bytes of an article into a cleaned draft; picklable, and the same in every process.

    `publisher` and `stated` are used for articles that state none. With `restore_exports`, exported articles stay as
    they are: they were cleaned before.
    """

    publisher: str | None = None
    stated: StatedFields = field(default_factory=StatedFields)
    restore_exports: bool = False

    def prepare(self, item: SourceItem) -> Prepared:
        """Parse and clean an article.

        Raises:
            UnreadableSource: it can't be parsed, or has no text.
        """
        try:
            draft = item.parse()
            if self.is_restored(draft):
                return Prepared(draft)
            return Prepared(normalise(fill_fields(draft, self.stated), self.publisher))
        except PARSER_ERRORS as error:
            raise unparsable(error) from error

    def prepare_whole(self, item: SourceItem) -> Prepared:
        """Parse and clean an article, and compute what follows from its text.

        Raises:
            UnreadableSource: it can't be parsed, or has no text.
        """
        prepared = self.prepare(item)
        draft = prepared.draft
        return prepared if self.is_restored(draft) else Prepared(draft, derive(draft.body, draft.language))

    def is_restored(self, draft: Draft) -> bool:
        """Return whether a draft goes back where it was exported from."""
        return self.restore_exports and draft.export_fields is not None


# An article with its preparation, or why it can't be prepared; None if it is still to be prepared.
Ready = tuple[SourceItem | Rejection, Prepared | UnreadableSource | None]


class PrepareAhead(Protocol):
    """Prepares articles before they are stored, several at a time, in other processes."""

    def __call__(
        self, items: Iterable[SourceItem | Rejection], preparer: Preparer, is_new: Callable[[SourceItem], bool]
    ) -> Iterator[Ready]:
        """Yield every item in order, with its preparation if it `is_new`; hold few of them at a time."""


def unparsable(error: BaseException) -> UnreadableSource:
    """Return the error for users about an article on which a parser failed."""
    return UnreadableSource(f"It can't be read ({type(error).__name__}).", "Check that the file is an article.")


def normalise(draft: Draft, default_publisher: str | None = None) -> Draft:
    """Clean a draft's text; every offset refers to the body that this returns.

    Raises:
        UnreadableSource: nothing is left of the body, or it has too many lines.
    """
    body = clean_body(draft.body)
    if body.count("\n") > MAX_LINES:
        raise UnreadableSource(f"It has more than {MAX_LINES:,} lines.", "Split it, or check that it is an article.")
    body = _remove_boilerplate(join_broken_words(body))
    if not body:
        raise UnreadableSource("It has no text.", "Check that the file is an article, saved whole.")
    title, warnings = clean_field(draft.title), draft.warnings
    if title and len(title) > MAX_TITLE:
        title = _beginning(title, MAX_TITLE)
        warnings = (*warnings, f"Its title has more than {MAX_TITLE} characters, so only the beginning was kept.")
    return replace(
        draft,
        body=body,
        title=title,
        publisher=_beginning(clean_field(draft.publisher) or clean_field(default_publisher), MAX_NAME),
        author=_beginning(clean_field(draft.author), MAX_NAME),
        language=clean_field(draft.language),
        external_id=clean_field(draft.external_id),
        warnings=warnings,
    )


def _remove_boilerplate(body: str) -> str:
    """Remove lines of boilerplate that are paragraphs of their own; a wrapped paragraph keeps every line."""
    kept: list[str] = []
    for line in body.split("\n"):
        is_paragraph_start = not kept or not kept[-1] or kept[-1].endswith(_SENTENCE_ENDS)
        if not (line and is_paragraph_start and is_boilerplate(line)):
            kept.append(line)
    # Removing a line can leave two blank lines together.
    return clean_body("\n".join(kept))


def _beginning(text: str | None, limit: int) -> str | None:
    """Return a text of at most `limit` characters, cut at a space."""
    if text is None or len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def clean_field(text: str | None) -> str | None:
    """Return a cleaned line of a field; None if nothing is left."""
    return (clean_line(text) or None) if text else None
