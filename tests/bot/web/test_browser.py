"""The page driven in a real browser: keyboard, search, comparison, pictures, themes, a phone's width, signing in."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("datasette", reason="the page needs the extra attache[web]")

from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import SentenceEmbedder
from tests.bot.web.harness import FERRY, HOSTILE

sync_api = pytest.importorskip("playwright.sync_api", reason="driving a browser needs playwright")
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)")

ROOT = Path(__file__).parents[3]
TOKEN = "correct-horse-battery-staple"
QUESTION = "Did Iran deny the missile reports?"
START = "from bot.cli.main import main; main()"
# Text whose contrast with what is behind it is below 4.5 (WCAG 2.2, 1.4.3), with the ratio.
FAINT = """() => {
  const light = rgb => { const [r, g, b] = rgb.map(c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const parse = color => color.match(/[\\d.]+/g).map(Number);
  const ground = node => { for (; node; node = node.parentElement) {
    const color = parse(getComputedStyle(node).backgroundColor); if (color.length < 4 || color[3] === 1) return color; }
    return [255, 255, 255]; };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility()) continue;
    const [a, b] = [parse(getComputedStyle(parent).color), ground(parent)].map(rgb => light(rgb.slice(0, 3)));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([walker.currentNode.data.trim().slice(0, 40), ratio]);
  }
  return found; }"""
# Fields and pictures that a screen reader could not name.
UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, img, nav, button, a')].filter(
  each =>
  !(each.labels?.length || each.getAttribute('aria-label') || each.getAttribute('alt') || each.textContent.trim())
).map(each => each.outerHTML)"""


@pytest.fixture(scope="module")
def data(starter_data: Path, real_embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter briefs, an article that was changed, and one that tries everything."""
    folder = tmp_path_factory.mktemp("browser")
    data = Path(shutil.copytree(starter_data, folder / "data"))
    settings = Settings.load(env_file=None, data_dir=data)
    former = {**FERRY, "title": "Ferry line reopens", "body": FERRY["body"].replace("sixty", "ninety")}
    for number, articles in enumerate(([former, HOSTILE], [FERRY])):
        path = folder / f"{number}.jsonl"
        path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        ingest(settings, real_embedder, [path], IngestOptions())
    return data


@contextmanager
def served(data: Path, folder: Path, **environment: str) -> Iterator[str]:
    """Runs `attache web` as its operator does; yields its address."""
    log = folder / "web.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", START, "--data-dir", str(data), "web", "--port", "0"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), **environment},
            stderr=stream,
        )
    try:
        for _ in range(600):
            if found := re.search(r"Open (http://\S+)/", log.read_text(encoding="utf-8")):
                break
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
        yield found[1] if found else pytest.fail(log.read_text(encoding="utf-8"))
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(data, tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as driver:
        # Chromium's sandbox does not start for root, as which containers run.
        browser = driver.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page that may load nothing from elsewhere and report nothing to its console."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append("a dialog was opened"))
    page.on("request", lambda request: "127.0.0.1" in request.url or complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.id")


def test_a_reader_searches_and_opens_a_passage_by_keyboard(page: Any, site: str) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "q"
    page.keyboard.type("missiles sent to Russia")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=missiles*")
    first = page.locator("ol.cards h2 a").first
    while not first.evaluate("link => link === document.activeElement"):
        page.keyboard.press("Tab")
    assert first.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/*#p*")
    target = page.locator(":target")
    assert target.is_visible()
    assert target.evaluate("passage => getComputedStyle(passage).outlineStyle") == "solid"


def test_one_question_has_three_views_and_the_answer_quotes(page: Any, site: str) -> None:
    page.goto(site)
    page.get_by_label("Words, or a question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    assert page.locator(".headline").inner_text().startswith("Yes: ")
    quote = page.locator("blockquote").first.inner_text()
    page.get_by_role("navigation", name="Views of this question").get_by_role("link", name="Timeline").click()
    assert quote in page.locator("main").inner_text()
    picture = page.get_by_role("img", name=re.compile("^Chart of "))
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 840
    assert "timeline-light" in picture.evaluate("img => img.currentSrc")
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert "timeline-dark" in picture.evaluate("img => img.decode().then(() => img.currentSrc)")


def test_a_reader_asks_for_a_country_by_keyboard_and_goes_on_from_its_page(page: Any, site: str) -> None:
    page.goto(f"{site}/about")
    field = page.get_by_label("A country, a group such as NATO, or a person")
    while not field.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.type("Tehran")
    page.keyboard.press("Enter")
    page.wait_for_url("**/about?q=Tehran")
    assert page.get_by_role("heading", name="Iran", level=1).is_visible()
    assert page.get_by_role("region", name="Who says what").locator("blockquote").count()
    current = page.get_by_role("navigation", name="Pages").locator("[aria-current=page]")
    assert current.inner_text() == "Countries and people"
    page.locator("main .card .facts a").first.click()
    page.wait_for_url("**/article/**")
    page.locator("aside .names a", has_text="Iran").click()
    page.wait_for_url("**/about?q=Iran")
    page.get_by_role("region", name="Reported by").get_by_role("link").first.click()
    page.wait_for_url("**/search?q=Iran&publisher=*")
    assert page.locator("ol.cards > li").count()


def test_a_comparison_tells_what_went_and_what_came_without_colour(page: Any, site: str) -> None:
    page.goto(f"{site}/tables/articles?former_texts__gt=0")
    page.get_by_role("link", name="Ferry line to Ostrava Island reopens late").click()
    page.get_by_role("link", name="See what changed (1 edit)").click()
    gone, came = page.locator("del", has_text="ninety"), page.locator("ins", has_text="sixty")
    assert "line-through" in gone.evaluate("each => getComputedStyle(each).textDecorationLine")
    assert "underline" in came.evaluate("each => getComputedStyle(each).textDecorationLine")
    assert (gone.text_content(), came.text_content()) == ("removed: ninety", "added: sixty")


def test_a_table_is_sorted_and_filtered_without_scripts(page: Any, site: str) -> None:
    page.goto(f"{site}/tables")
    page.get_by_role("link", name="Articles").click()
    page.get_by_label("Column", exact=True).select_option("title")
    page.get_by_label("Value", exact=True).fill("Sudan")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**Sudan**")
    titles = page.locator("td.column-title").all_inner_texts()
    assert titles
    assert all("Sudan" in title for title in titles)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_every_page_fits_is_readable_and_named(page: Any, site: str, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{site}/tables/articles?former_texts__gt=0")
    edited = page.locator("td.column-article a").get_attribute("href")
    hostile = f"{site}/tables/articles?published=2024-05-30"
    paths = ["/", "/stories", "/tables", "/tables/articles?_facet=publisher", edited, f"{edited}/edits"]
    paths += [f"/{view}?q={QUESTION}" for view in ("search", "answer", "timeline")]
    paths += ["/about", "/about?q=Iran", "/about?q=Netanyahu"]
    for address in (*(site + path for path in paths), hostile):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert page.evaluate(FAINT) == [], address
        assert page.evaluate(UNNAMED) == [], address
        assert page.locator("h1").count() == 1, address
    page.locator("td.column-title a").click()
    page.wait_for_url("**/article/**")
    assert page.title().endswith("Attaché")
    assert "owned" not in page.title()


def test_a_reader_signs_in_with_the_token_and_out(page: Any, data: Path, tmp_path: Path) -> None:
    with served(data, tmp_path, ATTACHE_WEB_TOKEN=TOKEN) as address:
        page.goto(f"{address}/tables/articles")
        assert page.url == f"{address}/sign-in"
        page.get_by_label("Token of this page").fill(TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/stories")
        assert page.get_by_role("heading", name="Stories", level=1).is_visible()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{address}/sign-in")
        page.goto(f"{address}/stories")
        assert page.url == f"{address}/sign-in"
        # What the page still asks for would fail once the server is gone.
        page.goto("about:blank")
    assert TOKEN not in (tmp_path / "web.log").read_text(encoding="utf-8")
