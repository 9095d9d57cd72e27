"""Read and edit the table of publishers, and the footers learnt from their articles."""

from dataclasses import replace

from babel import Locale

from bot.service.index_place import index_of
from bot.service.sessions import has_database, reading, writing
from bot.settings import Settings
from corpus.errors import BadInput
from corpus.publishers.basis import settle_stored
from corpus.publishers.cleaner import CleanReport, clean_stored
from corpus.publishers.directory import PublisherEdit, Publishers
from corpus.publishers.footers import Footer, Footers
from corpus.publishers.publisher import Kind, Publisher, host_of
from corpus.timestamps import utc_now
from index.embedding.embedder import Embedder
from index.maintenance import refresh

# Seconds to wait for another writer.
WAIT_S = 30.0
MAX_NAME_CHARS = 100
# CLDR codes that are no countries: unknown, and two for testing translations.
_NO_COUNTRIES = ("ZZ", "XA", "XB")


def read_publishers(settings: Settings) -> Publishers:
    """Return the publishers; only the packaged ones where there is no corpus yet.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    if not has_database(settings.data_dir):
        return Publishers(None)
    with reading(settings.data_dir) as db:
        return Publishers(db)


def edit_publisher(settings: Settings, name: str, edit: PublisherEdit) -> Publisher:
    """Store an operator's edit of a publisher and return the result.

    Raises:
        BadInput: the edit changes nothing, or a value is invalid.
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME_CHARS:
        raise BadInput(f"A publisher's name has 1 to {MAX_NAME_CHARS} characters.", "Shorten it.")
    if edit == PublisherEdit():
        raise BadInput("There is nothing to change.", "Say what to change, such as the kind.")
    edit = _validate(edit)
    with writing(settings, "editing a publisher", wait_s=WAIT_S) as db:
        with db.atomic():
            Publishers(db).edit(name, edit, utc_now())
            settle_stored(db)
        found = Publishers(db).find_by_name(name)
    assert found is not None
    return found


def reset_publisher(settings: Settings, name: str) -> Publisher | None:
    """Delete an operator's edit of a publisher; return the packaged publisher, or None if it was added by the edit.

    Raises:
        BadInput: the publisher was not edited.
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "resetting a publisher", wait_s=WAIT_S) as db:
        with db.atomic():
            was_edited = Publishers(db).reset(name)
            settle_stored(db)
        if not was_edited:
            raise BadInput(f"The publisher {name} was not edited.", "`attache publishers list` shows which were.")
        return Publishers(db).find_by_name(name)


def list_footers(settings: Settings) -> list[Footer]:
    """Return the lines learnt as footers; none where there is no corpus yet.

    Raises:
        StorageFailure: the corpus can't be read.
    """
    if not has_database(settings.data_dir):
        return []
    with reading(settings.data_dir) as db:
        return Footers(db).all()


def forget_footer(settings: Settings, footer_id: int) -> None:
    """Keep a learnt footer in the texts of later articles.

    Raises:
        BadInput: there is no such footer.
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "forgetting a footer", wait_s=WAIT_S) as db, db.atomic():
        if not Footers(db).forget(footer_id):
            raise BadInput(f"There is no footer {footer_id}.", "`attache footers list` shows the numbers.")


def clean_footers(settings: Settings, embedder: Embedder, *, wait_s: float = 0.0) -> CleanReport:
    """Learn footers from all stored articles, remove them from these, and update the index.

    Raises:
        CorpusBusy: another program is writing.
        StorageFailure: the data folder can't be written.
    """
    with writing(settings, "attache footers clean", wait_s=wait_s) as db:
        cleaned = clean_stored(db)
        refresh(db, index_of(settings), embedder)
    return cleaned


def _validate(edit: PublisherEdit) -> PublisherEdit:
    if edit.kind is Kind.OWN_BRIEF:
        raise BadInput("Only this project's own briefs have this kind.", "Choose another kind.")
    domains = None if edit.domains is None else tuple(dict.fromkeys(map(_domain, edit.domains)))
    country = None if edit.country is None else edit.country.strip().upper()
    if country and (len(country) != 2 or country in _NO_COUNTRIES or country not in Locale("en").territories):
        raise BadInput(f"{edit.country} isn't a country code.", "Give two letters of ISO 3166, such as QA.")
    source = None if edit.source is None else " ".join(edit.source.split())
    return replace(edit, domains=domains, country=country, source=source)


def _domain(text: str) -> str:
    host = host_of(text if "://" in text else f"//{text.strip()}")
    if "." not in host or " " in host:
        raise BadInput(f"{text} isn't a domain.", "Give one such as example.org.")
    return host
