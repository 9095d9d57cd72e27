"""The date of a page: its own by structure, not that of a comment, a list or a related article; else none."""

import json

import pytest

from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import SENTENCE

URL = "https://mill.example/news/mill"
OTHER = "https://mill.example/news/flood"
OWN_DAY, OTHER_DAY = "2023-05-06", "2011-01-02"
OWN = {"@type": "NewsArticle", "headline": "The mill of Marn turns again", "url": URL, "datePublished": OWN_DAY}
FLOOD = {"@type": "NewsArticle", "headline": "Old flood report", "url": OTHER, "datePublished": OTHER_DAY}
LIST = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": FLOOD}]}
COMMENT = {"@type": "Comment", "text": "At last.", "datePublished": OTHER_DAY}
TEXT = "".join(f"<p>{SENTENCE} This was round {i} of the talks, which began in spring.</p>" for i in range(4))
CANONICAL = f'<link rel="canonical" href="{URL}">'


def script(*contents: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(each)}</script>' for each in contents)


def page(head: str = "", body: str = f"<article><h1>The mill of Marn turns again</h1>{TEXT}</article>") -> str:
    return f"<html><head><title>The mill of Marn turns again | Marn News</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "contents",
    [
        [{**OWN, "comment": [COMMENT], "datePublished": OWN_DAY}],
        [{"comment": [COMMENT], **OWN}],
        [{"hasPart": FLOOD, "citation": FLOOD, "mentions": [FLOOD], **OWN}],
        [LIST, OWN],
        [FLOOD, OWN],
        [{"@graph": [FLOOD, {"@type": "WebPage", "mainEntity": OWN}]}],
        [{"@graph": [FLOOD, {"@type": "WebPage", "mainEntity": {"@id": "#a"}}, {**OWN, "@id": "#a"}]}],
        [{"@graph": [FLOOD, {"@type": "WebPage", "url": URL, "datePublished": OWN_DAY}]}],
        [{**OWN, "@type": "LiveBlogPosting", "liveBlogUpdate": [{**FLOOD, "@type": "BlogPosting"}]}],
        [COMMENT, {**OWN, "url": "http://www.mill.example/news/mill/amp"}],
    ],
)
@pytest.mark.parametrize("head", ["", CANONICAL])
def test_json_ld_dates_the_article_that_the_page_is_about(write: Write, contents: list[object], head: str) -> None:
    assert one(write("a.html", page(head + script(*contents)))).published_at == OWN_DAY


@pytest.mark.parametrize("content", [LIST, COMMENT, FLOOD, [FLOOD, FLOOD | {"url": OTHER + "2"}], {"review": FLOOD}])
@pytest.mark.parametrize("head", ["", CANONICAL])
def test_dates_of_other_articles_and_comments_are_never_taken(write: Write, content: object, head: str) -> None:
    assert one(write("a.html", page(head + script(content)))).published_at is None
    stated = f'<meta property="article:published_time" content="{OWN_DAY}">'
    assert one(write("b.html", page(head + script(content) + stated))).published_at == OWN_DAY


@pytest.mark.parametrize("stated", [{"@type": "SatiricalArticle"}, {"genre": "Satire"}, {"articleSection": ["Parody"]}])
def test_a_page_that_says_it_is_satire_is_titled_so(write: Write, stated: dict[str, object]) -> None:
    assert one(write("a.html", page(script(OWN)))).title == OWN["headline"]
    assert one(write("b.html", page(script({**OWN, **stated})))).title == f"{OWN['headline']} (satire)"


def test_others_authors_and_titles_are_not_taken_either(write: Write) -> None:
    related = {"@context": "https://schema.org", **FLOOD, "author": {"@type": "Person", "name": "Jo Tarn"}}
    draft = one(write("a.html", page(CANONICAL + script(related))))
    assert (draft.title, draft.author) == ("The mill of Marn turns again", None)


@pytest.mark.parametrize(
    "script_text",
    [
        f'{{"@type": "NewsArticle", "datePublished": "{OWN_DAY}",}}',
        f'//<![CDATA[\n{{"@type": "NewsArticle", "datePublished": "{OWN_DAY}"}}\n//]]>',
        f'<!-- {{"@type": "NewsArticle", "datePublished": "{OWN_DAY}"}} -->',
        f'{{"@type": "NewsArticle", "headline": "The "mill" of Marn", "datePublished": "{OWN_DAY}"}}',
        f'[{{"@type": "NewsArticle", "datePublished": ["{OWN_DAY}"]}}]',
    ],
)
def test_slightly_broken_json_ld_still_dates_the_page(write: Write, script_text: str) -> None:
    head = f'<script type="application/ld+json">{script_text}</script>'
    assert one(write("a.html", page(head))).published_at == OWN_DAY


def test_a_broken_list_does_not_date_the_page(write: Write) -> None:
    text = f'{{"@type": "ItemList" "itemListElement": [{{"datePublished": "{OTHER_DAY}"}}]}}'
    assert one(write("a.html", page(f'<script type="application/ld+json">{text}</script>'))).published_at is None


ARTICLE = f"<article><h1>The mill of Marn turns again</h1>{{}}{TEXT}{{}}</article>"
STAMP = f'<time datetime="{OTHER_DAY}">then</time>'
ITEM_DATE = '<meta itemprop="datePublished" content="{}">'


@pytest.mark.parametrize(
    ("body", "day"),
    [
        (ARTICLE.format(f'<time datetime="{OWN_DAY}"></time>', ""), OWN_DAY),
        (ARTICLE.format(f'<time datetime="{OWN_DAY}"></time>', f"<article>{STAMP}</article>"), OWN_DAY),
        (ARTICLE.format(f'<time datetime="{OWN_DAY}"></time>', f'<div class="comment-list">{STAMP}</div>'), OWN_DAY),
        (ARTICLE.format(f'<time datetime="{OWN_DAY}"></time>', "") + f"<article>{STAMP}</article>", OWN_DAY),
        (ARTICLE.format("", "") + f"<aside><article><h2>Flood</h2>{STAMP}</article></aside>", None),
        (ARTICLE.format("", f"<aside>{STAMP}</aside>"), None),
        (ARTICLE.format("", "") + f"<ul><li><article>{STAMP}</article></li></ul>", None),
        (
            ARTICLE.format("", '<div itemprop="comment" itemscope itemtype="https://schema.org/Comment">'
                           + ITEM_DATE.format(OTHER_DAY) + "</div>"),
            None,
        ),
        (
            '<div itemscope itemtype="https://schema.org/NewsArticle">' + ITEM_DATE.format(OWN_DAY)
            + ARTICLE.format("", "") + '</div><div itemscope itemtype="https://schema.org/NewsArticle">'
            + ITEM_DATE.format(OTHER_DAY) + "</div>",
            OWN_DAY,
        ),
        (ARTICLE.format("", "") + '<p typeof="ListItem"><b property="datePublished" content="2011-01-02"></b>', None),
    ],
)  # fmt: skip
def test_dates_in_the_markup_count_only_in_the_pages_own_article(write: Write, body: str, day: str | None) -> None:
    assert one(write("a.html", page(body=body))).published_at == day


def test_of_several_dates_in_the_head_the_first_counts(write: Write) -> None:
    metas = "".join(f'<meta property="article:published_time" content="{day}">' for day in (OWN_DAY, OTHER_DAY))
    assert one(write("a.html", page(metas))).published_at == OWN_DAY


def test_json_ld_with_prefixes_and_with_parts_by_fragment_states_the_date(write: Write) -> None:
    main = '{"@type": "schema:NewsArticle", "@id": "#b", "schema:datePublished": "2024-09-09"}'
    graph = f'{{"@graph": [{{"@type": "WebPage", "mainEntity": {{"@id": "#b"}}}}, \
{{"@type": "NewsArticle", "@id": "#a", "datePublished": "2019-01-01"}}, {main}]}}'
    head = f'<link rel="canonical" href="https://marn.example/mill"><script type="application/ld+json">{graph}</script>'
    text = "".join(f"<p>The mill of Marn turns again, its owner said in round {i} of the talks.</p>" for i in range(4))
    body = f"<body><article><h1>The mill</h1>{text}</article></body>"
    page = f"<html><head><title>The mill</title>{head}</head>{body}</html>"
    assert one(write("a.html", page)).published_at == "2024-09-09"


CHECK = {"@type": "ClaimReview", "url": URL, "claimReviewed": "The mill is sold", "datePublished": OTHER_DAY}
CLAIM = {"@id": "#claim", "@type": "CreativeWork", "headline": "The mill is sold", "datePublished": OTHER_DAY}


@pytest.mark.parametrize(
    "content",
    [
        CHECK,
        {**CHECK, "itemReviewed": CLAIM},
        {"@graph": [{**CHECK, "itemReviewed": {"@id": "#claim"}}, CLAIM]},
        {"@graph": [{**CHECK, "itemReviewed": {"@id": "#claim"}}, {**CLAIM, "@type": "NewsArticle"}]},
        {"@graph": [{**CHECK, "itemReviewed": {"@type": "Claim", "appearance": [{"@id": "#claim"}]}}, CLAIM]},
        {"@graph": [{"@type": "WebPage", "citation": {"@id": "#claim"}}, {**CLAIM, "@type": "NewsArticle"}]},
    ],
)
def test_neither_a_check_of_a_claim_nor_what_it_is_about_dates_the_page(write: Write, content: object) -> None:
    draft = one(write("a.html", page(CANONICAL + script(content))))
    assert (draft.published_at, draft.title) == (None, "The mill of Marn turns again")
    assert one(write("b.html", page(CANONICAL + script(content, OWN)))).published_at == OWN_DAY


def test_a_check_that_can_not_be_parsed_does_not_date_the_page(write: Write) -> None:
    broken = f'{{"@type": "ClaimReview", "claimReviewed": "The "mill" is sold", "datePublished": "{OTHER_DAY}"}}'
    assert one(write("a.html", page(f'<script type="application/ld+json">{broken}</script>'))).published_at is None


def test_what_a_check_is_about_dates_no_page_in_microdata_either(write: Write) -> None:
    claim = (
        '<div itemprop="itemReviewed" itemscope itemtype="https://schema.org/CreativeWork">'
        f'<meta itemprop="datePublished" content="{OTHER_DAY}"></div>'
    )
    body = f"<article><h1>The mill of Marn turns again</h1>{claim}{TEXT}</article>"
    assert one(write("a.html", page(CANONICAL, body))).published_at is None


def test_readers_rate_the_page_itself(write: Write) -> None:
    rating = {"@type": "AggregateRating", "itemReviewed": {"@id": "#own"}}
    assert one(write("a.html", page(script({"@graph": [rating, {**OWN, "@id": "#own"}]})))).published_at == OWN_DAY


def test_a_person_with_several_names_is_several_people(write: Write) -> None:
    author = {"@type": "Person", "name": ["Ines Olm", "By Jo Tarn"]}
    assert one(write("a.html", page(script({**OWN, "author": author})))).author == "Ines Olm, Jo Tarn"


@pytest.mark.parametrize("stated", ["1403-06-19T10:20:00+03:30", "۱۴۰۳/۰۶/۱۹ ۱۰:۲۰"])
def test_a_page_may_state_its_date_in_the_solar_calendar(write: Write, stated: str) -> None:
    page_with_date = page(f'<meta property="article:published_time" content="{stated}">')
    assert (one(write("a.html", page_with_date)).published_at or "")[:10] == "2024-09-09"
