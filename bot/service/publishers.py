"""The table of publishers for whoever reads and edits it; who shows it asks here."""

from dataclasses import replace

from babel import Locale

from bot.service.sessions import reading, writing
from bot.settings import Settings
from corpus.database import DATABASE_NAME
from corpus.errors import BadInput
from corpus.publishers.cleaner import Cleaned, clean_stored
from corpus.publishers.directory import Edit, Publishers
from corpus.publishers.footers import Footer, Footers
from corpus.publishers.publisher import Kind, Publisher, host_of
from corpus.timestamps import utc_now
from index.embedding.embedder import Embedder
from index.generation.generations import Generations
from index.maintenance import refresh

# Seconds to wait for another writer.
WAIT_S = 30.0
LONGEST_NAME = 100
# Codes of CLDR that stand for no place: unknown, and two that test translations.
_NO_COUNTRIES = ("ZZ", "XA", "XB")


def read_publishers(settings: Settings) -> Publishers:
    """The publishers as they stand now; the packaged ones where there is no corpus yet.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    if not (settings.data_dir / DATABASE_NAME).is_file():
        return Publishers(None)
    with reading(settings.data_dir) as db:
        return Publishers(db)


def edit_publisher(settings: Settings, name: str, edit: Edit) -> Publisher:
    """Stores what an operator says of a publisher; returns what is known of it then.

    Raises:
        BadInput: nothing is changed, or a value is none of its kind.
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"A publisher's name has 1 to {LONGEST_NAME} characters.", "Shorten it.")
    if edit == Edit():
        raise BadInput("Nothing was to be changed.", "Say what, such as its kind.")
    edit = _checked(edit)
    now = utc_now()
    with writing(settings, "editing a publisher", wait_s=WAIT_S) as db:
        with db.atomic():
            Publishers(db).edit(name, edit, now)
        found = Publishers(db).named(name)
    assert found is not None
    return found


def reset_publisher(settings: Settings, name: str) -> Publisher | None:
    """Drops what operators said of a publisher; returns what the package says of it, None where it says nothing.

    Raises:
        BadInput: they said nothing.
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "resetting a publisher", wait_s=WAIT_S) as db:
        with db.atomic():
            was_edited = Publishers(db).reset(name)
        if not was_edited:
            raise BadInput(f"Nobody changed the publisher {name}.", "`attache publishers list` shows who was.")
        return Publishers(db).named(name)


def list_footers(settings: Settings) -> list[Footer]:
    """The lines that were learnt as footers; none where there is no corpus yet.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    if not (settings.data_dir / DATABASE_NAME).is_file():
        return []
    with reading(settings.data_dir) as db:
        return Footers(db).all()


def forget_footer(settings: Settings, footer_id: int) -> None:
    """Keeps a learnt line in the texts of later articles.

    Raises:
        BadInput: there is no such line.
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "forgetting a footer", wait_s=WAIT_S) as db, db.atomic():
        if not Footers(db).forget(footer_id):
            raise BadInput(f"There is no footer {footer_id}.", "`attache footers list` shows the numbers.")


def clean_footers(settings: Settings, embedder: Embedder, *, wait_s: float = 0.0) -> Cleaned:
    """Learns footers from all stored articles, drops them from these, and brings the index up to date.

    Raises:
        CorpusBusy: somebody else is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "attache footers clean", wait_s=wait_s) as db:
        cleaned = clean_stored(db)
        refresh(db, Generations(settings.data_dir), embedder)
    return cleaned


def _checked(edit: Edit) -> Edit:
    if edit.kind is Kind.OWN_BRIEF:
        raise BadInput("Only this project's own briefs are own briefs.", "Choose another kind.")
    domains = None if edit.domains is None else tuple(dict.fromkeys(map(_domain, edit.domains)))
    country = None if edit.country is None else edit.country.strip().upper()
    if country and (len(country) != 2 or country in _NO_COUNTRIES or country not in Locale("en").territories):
        raise BadInput(f"{edit.country} is no code of a country.", "Give two letters of ISO 3166, such as QA.")
    source = None if edit.source is None else " ".join(edit.source.split())
    return replace(edit, domains=domains, country=country, source=source)


def _domain(text: str) -> str:
    host = host_of(text if "://" in text else f"//{text.strip()}")
    if "." not in host or " " in host:
        raise BadInput(f"{text} is no domain.", "Give one such as example.org.")
    return host
