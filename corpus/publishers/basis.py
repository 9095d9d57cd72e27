"""Decides how an article's publisher is known: served by its address, vouched for by the operator, or only claimed."""

from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from sqlite_utils import Database

from corpus.article import ArticleFacts, Draft, PublisherBasis
from corpus.publishers.directory import Publishers
from corpus.publishers.look import look
from corpus.publishers.publisher import Publisher, host_of, name_key
from corpus.starter import STARTER_PUBLISHER, starter_path


def settle_publisher(
    draft: Draft, publishers: Publishers, origin: str, *, is_vouched: bool, given: str | None = None
) -> Draft:
    """Return a cleaned draft with its publisher, how that is known, and a warning if it borrows a known name.

    Args:
        draft: the article; for a fetched one `served_by` says from where.
        publishers: the known ones, with their domains.
        origin: as stored; only the project's own briefs have one of theirs.
        is_vouched: whether the operator gives it, rather than a feed, a site or an upload.
        given: the publisher's name that the operator gave in so many words, if any.
    """
    if starter_path(origin) is not None:
        return replace(draft, publisher_basis=PublisherBasis.VOUCHED)
    owner = publishers.find_by_host(draft.served_by or host_of(draft.url))
    if draft.served_by and owner is not None and owner == publishers.find_by_host(host_of(draft.url)):
        # A publisher's feeds and pages may have several domains.
        draft = replace(draft, served_by=host_of(draft.url))
    name = draft.publisher or (owner.name if owner else None)
    if draft.served_by and owner is not None and (draft.is_second_hand or _is_borrowed(name, owner, publishers)):
        name = owner.name
    vouched = is_vouched and given is not None and name is not None and name_key(given) == name_key(name)
    draft = replace(draft, publisher=name)
    basis = PublisherBasis.VOUCHED if vouched else _basis(draft, owner, publishers, is_vouched=is_vouched)
    draft = replace(draft, publisher_basis=basis)
    if basis is not PublisherBasis.CLAIMED or not _is_borrowed(name, owner, publishers):
        return draft
    warning = f"It says it is from {name}, which its address does not show, so it is shown as that: a claim."
    return replace(draft, warnings=(*draft.warnings, warning))


def basis_today(name: str | None, basis: str, served_by: str | None, publishers: Publishers) -> PublisherBasis:
    """Return how a stored article's publisher is known by today's table, which operators may have changed since."""
    if name is None or not served_by or basis == PublisherBasis.VOUCHED:
        return PublisherBasis(basis)
    owner = publishers.find_by_host(served_by)
    if owner is not None and publishers.find_alike(name) == owner:
        return PublisherBasis.SERVED
    return PublisherBasis.CLAIMED if _is_borrowed(name, owner, publishers) else PublisherBasis(basis)


def is_claim(article: ArticleFacts, publishers: Publishers) -> bool:
    """Return whether a stored article's publisher is only claimed, by today's table."""
    basis = basis_today(article.publisher, article.publisher_basis, article.served_by, publishers)
    return article.publisher is not None and basis is PublisherBasis.CLAIMED


def known_publisher(article: ArticleFacts, publishers: Publishers) -> Publisher | None:
    """Return the publisher of an article from the table; None if it is not there, or only claimed."""
    if is_claim(article, publishers) or starter_path(article.origin) is not None:
        return None
    if article.served_by:
        return publishers.find_by_host(article.served_by)
    return publishers.find(article.publisher, article.url)


def settle_stored(db: Database) -> None:
    """Decide again how the publishers of fetched articles are known, after an edit of the table."""
    publishers = Publishers(db)
    decided: dict[tuple[str | None, str, str], PublisherBasis] = {}
    rows = db.execute("SELECT id, publisher, publisher_basis, served_by FROM articles WHERE served_by IS NOT NULL")
    changed = []
    for article_id, name, basis, served_by in rows.fetchall():
        key = (name, basis, served_by)
        if key not in decided:
            decided[key] = basis_today(name, basis, served_by, publishers)
        if decided[key] != basis:
            changed.append((decided[key], article_id))
    db.conn.executemany("UPDATE articles SET publisher_basis = ? WHERE id = ?", changed)


def basis_of_old(
    name: str | None, url: str | None, origin: str, served_by: str | None, publishers: Publishers, *, is_upload: bool
) -> PublisherBasis:
    """Return how the publisher of an article is known that was stored before this was kept.

    Operators' files have absolute paths; `is_upload` tells other things that somebody handed in.
    """
    is_path = "://" not in origin and starter_path(origin) is None
    is_upload |= is_path and not any(kind(origin).is_absolute() for kind in (PurePosixPath, PureWindowsPath))
    draft = Draft("", publisher=name, url=url, served_by=served_by)
    settled = settle_publisher(draft, publishers, origin, is_vouched=not is_upload)
    return settled.publisher_basis if settled.publisher == name else PublisherBasis.CLAIMED


def _basis(draft: Draft, owner: Publisher | None, publishers: Publishers, *, is_vouched: bool) -> PublisherBasis:
    is_borrowed = _is_borrowed(draft.publisher, owner, publishers)
    if draft.served_by:
        is_own = owner is not None or not (is_borrowed or draft.is_second_hand)
        return PublisherBasis.SERVED if is_own or draft.publisher is None else PublisherBasis.CLAIMED
    return PublisherBasis.VOUCHED if is_vouched and not is_borrowed else PublisherBasis.CLAIMED


def _is_borrowed(name: str | None, owner: Publisher | None, publishers: Publishers) -> bool:
    """Return whether a name is, or looks like, that of a known publisher other than the address's owner."""
    if name is None:
        return False
    # In the plural, or with words around it, it is taken for the project's own, too.
    if look(STARTER_PUBLISHER) in look(name):
        return True
    alike = publishers.find_alike(name)
    # Operators can describe a publisher without its domains; then nothing contradicts what they give.
    return alike is not None and alike != owner and bool(alike.domains)
