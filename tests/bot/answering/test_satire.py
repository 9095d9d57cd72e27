"""Articles that say of themselves that they are satire, parody or fiction decide nothing and are not quoted."""

import pytest

from bot.answering.satire import is_satire
from corpus.article import ArticleFacts
from corpus.articles import Edges
from corpus.publishers.directory import Publishers

BODY = "Kurland denied on Sunday that it had sold radar sets to the Quen rebels. Its ministry calls that an invention."


def article(
    title: str | None = None, publisher: str | None = None, url: str | None = None, author: str | None = None
) -> ArticleFacts:
    return ArticleFacts(
        1, "shared", url, None, title, publisher, author, "2031-05-01", "en", "", "2031-05-02T00:00:00Z", "a.txt"
    )


def edges(text: str) -> Edges:
    return Edges(text[:400], text[-400:])


@pytest.mark.parametrize(
    "marked",
    [
        {"title": "(Satire) Kurland denies radar sale"},
        {"title": "[PARODY] Kurland denies radar sale"},
        {"title": "SATIRE: Kurland denies radar sale"},
        {"title": "Satire | Kurland denies radar sale"},
        {"title": "Kurland denies radar sale (a political satire)"},
        {"title": "Kurland denies radar sale – Satire"},
        {"title": "Kurland dementiert Radarverkauf - Satire"},
        {"title": "April Fools’ Day: Kurland denies radar sale"},
        {"title": "Kurland denies radar sale [fiction]"},
        {"publisher": "The Kurland Satirist"},
        {"publisher": "Parody News Network"},
        {"publisher": "The Onion"},
        {"publisher": "Der Postillon"},
        {"author": "Satire Desk"},
        {"url": "https://www.theonion.com/kurland-denies"},
        {"url": "https://herald.example/satire/2031/kurland-denies"},
        {"url": "https://dailyparody.example/kurland-denies"},
    ],
)
def test_marks_beside_the_text(marked: dict[str, str]) -> None:
    assert is_satire(article(**marked), edges(BODY), Publishers(None))


@pytest.mark.parametrize(
    "text",
    [
        f"(Satire) {BODY}",
        f"Satire: {BODY}",
        f"SATIRE – {BODY}",
        f"Kurland denies radar sale\n\nSatire\n\n{BODY}",
        f"This is satire. {BODY}",
        f"The following article is a work of satire.\n\n{BODY}",
        f"{BODY * 20}\n\nThis article is satire.",
        f"{BODY * 20}\n\nNote: all stories on this site are fictional.",
        f"{BODY * 20} (satire)",
    ],
)
def test_marks_where_the_text_begins_or_ends(text: str) -> None:
    assert is_satire(article(), edges(text), Publishers(None))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Kurland denies radar sale", BODY),
        ("Kurland bans satire on state television", f"Satire is banned in Kurland since Sunday. {BODY}"),
        ("Satire lives on in Kurland's cellars", f"The satirical weekly Krux mocked the minister. {BODY}"),
        ("Court frees author of parody", f"{BODY} The court said the song was satire."),
        ("Fiction sales rise in Kurland", f"Fictional heroes sell well. {BODY}"),
        ("Kurland denies radar sale", f"{BODY}\n\nSections: World | Sport | Satire"),
        ("Kurland denies radar sale", f"This report was read in full. {BODY} The satirist Milo Brand was not asked."),
    ],
)
def test_what_is_about_satire_is_none(title: str, text: str) -> None:
    told = article(title, "Salis Herald", "https://herald.example/court-rules-on-satire-law")
    assert not is_satire(told, edges(text), Publishers(None))
