"""Of a robots.txt only the rules for this program are kept, and they mean what they meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from corpus.feeds.robots import MAX_CACHED_CHARACTERS, PRODUCT_TOKEN, RobotsCache, RobotsRefused, own_rules
from corpus.feeds.schedule import Clock
from corpus.fetch.download import Download, Head

LINES = [
    "User-agent: *", "User-agent: Attache", "user-agent: att", "Useragent attache*", "User agent: *att*",
    "User-agent: HarbourBot", "User-Agent: quill # x", "User-agent:", "Disallow: /", "Disallow: /a", "disalow: /c",
    "Disallow: /*.html$", "Disallow:", "Allow: /a/b", "Allow /a", "Crawl-delay: 5", "Crawl delay 3", "Noindex: /x",
    "Sitemap: https://a.example/s.xml", "Host: a.example", "", "# nothing", "other words", "http://a.example/",
]  # fmt: skip
PAGES = [f"https://a.example{path}" for path in ("/", "/a", "/a/b", "/c", "/x.html", "/robots.txt")]


@given(st.lists(st.sampled_from(LINES), max_size=14).map("\n".join))
def test_the_rules_mean_what_they_meant(text: str):
    whole, own = Protego.parse(text), Protego.parse(own_rules(text))
    assert [own.can_fetch(page, PRODUCT_TOKEN) for page in PAGES] == [
        whole.can_fetch(page, PRODUCT_TOKEN) for page in PAGES
    ]
    assert own.crawl_delay(PRODUCT_TOKEN) == whole.crawl_delay(PRODUCT_TOKEN)


AGENTS = {
    "others": [f"harbour{n}" for n in range(500)],
    "beginnings of its name": [PRODUCT_TOKEN[:n] for n in range(1, 8)] * 70,
    "its name with signs": [f"att{'*' * n}" for n in range(500)],
}


@pytest.mark.parametrize("agents", AGENTS.values(), ids=AGENTS)
def test_rules_are_kept_once_however_many_agents_they_are_for(agents: list[str]):
    rules = [f"Disallow: /{n}" for n in range(500)]
    kept = own_rules("\n".join([*(f"User-agent: {agent}" for agent in agents), *rules])).splitlines()
    assert len(kept) <= 1 + len(rules)
    assert sum("agent" in line.lower() for line in kept) <= 1


def site(text: str, at: list[float] | None = None) -> tuple[RobotsCache, list[str]]:
    """The rules of sites that all say the same, and which of them were asked."""
    asked: list[str] = []
    hands = at if at is not None else [0.0]

    def get(url: str) -> Download:
        asked.append(url)
        return Download(Head(url, 200, "text/plain", "", {}), text.encode())

    return RobotsCache(get, Clock(lambda: hands[0])), asked


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches Protego."""
    texts: list[str] = []
    parse = Protego.parse
    monkeypatch.setattr(Protego, "parse", lambda text: texts.append(text) or parse(text))
    return texts


def test_what_reaches_the_library_does_not_grow_with_the_agents(parsed: list[str]):
    agents = "".join(f"User-agent: harbour{n}\n" for n in range(2_000))
    cache, _ = site(f"{agents}Disallow: /\n\nUser-agent: *\nDisallow: /b\n")
    assert cache.crawl_delay("https://a.example/a") == 0.0
    with pytest.raises(RobotsRefused):
        cache.crawl_delay("https://a.example/b")
    assert parsed == ["User-agent: *\nDisallow: /b"]


def test_the_rules_of_all_sites_together_are_bounded(parsed: list[str]):
    rules = "User-agent: *\n" + "Disallow: /aaaaaaaaaaa\n" * 20_000
    cache, asked = site(rules)
    for number in range(2 * MAX_CACHED_CHARACTERS // len(rules) + 2):
        cache.crawl_delay(f"https://a{number}.example/")
    kept = sum(each.characters for each in cache._sites.values())
    assert 0 < kept <= MAX_CACHED_CHARACTERS
    asked.clear()
    cache.crawl_delay("https://a0.example/")
    assert asked == ["https://a0.example/robots.txt"]


@pytest.mark.parametrize("ahead_s", [10 * 365 * 86400.0, 3 * 86400.0])
def test_rules_that_were_read_while_the_clock_was_ahead_are_read_again(ahead_s: float):
    at = [1_000.0 + ahead_s]
    cache, asked = site("User-agent: *\nDisallow: /a\n", at)
    cache.crawl_delay("https://a.example/")
    at[0] = 1_000.0
    cache.crawl_delay("https://a.example/")
    cache.crawl_delay("https://a.example/")
    assert len(asked) == 2


def test_rules_that_break_the_library_are_a_failure_of_that_site(monkeypatch: pytest.MonkeyPatch):
    def broken(_text: str) -> Protego:
        raise ValueError

    monkeypatch.setattr(Protego, "parse", broken)
    cache, _ = site("User-agent: *\nDisallow: /a\n")
    assert cache.crawl_delay("https://a.example/a") == 0.0
