"""Adds an entry to an Atom file, in one step: whoever reads the file finds the old feed or the new one."""

from pathlib import Path
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.atomic_files import atomic_write
from bot.delivery.errors import NotDelivered
from bot.render.brief_documents import ATOM, atom_feed

MAX_ENTRIES = 30
# Bytes of a file that is taken for a feed of ours; thirty briefs have some hundred thousand.
_MAX_BYTES = 20_000_000


def add_entry(path: Path, feed_id: str, updated: str, entry: ET.Element) -> None:
    """Put an entry first in a feed, in place of one with its id; the file is made if there is none.

    Raises:
        NotDelivered: the file can't be read or written, or is no Atom feed and so is left alone.
    """
    wrong = NotDelivered(f"The file {path} is no Atom feed.", "Move it away, or choose another file.")
    try:
        entries = _entries(path, wrong) if path.exists() else []
        key = _id(entry)
        kept = [entry, *(each for each in entries if _id(each) != key)][:MAX_ENTRIES]
        with atomic_write(path) as partial:
            partial.write_bytes(atom_feed(feed_id, updated, kept))
    except RecursionError as error:
        # Nested as deep as no brief of ours.
        raise wrong from error
    except OSError as error:
        raise NotDelivered(
            f"The feed {path} can't be written ({error.strerror}).", "Check the folder and its permissions."
        ) from error


def _entries(path: Path, wrong: NotDelivered) -> list[ET.Element]:
    if not path.is_file() or path.stat().st_size > _MAX_BYTES:
        raise wrong
    try:
        feed = fromstring(path.read_bytes())
    except (ET.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise wrong from error
    if feed.tag != f"{{{ATOM}}}feed":
        raise wrong
    return list(feed.findall(f"{{{ATOM}}}entry"))


def _id(entry: ET.Element) -> str:
    return entry.findtext(f"{{{ATOM}}}id", "")
