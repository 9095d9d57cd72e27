"""The address of a page behind that of its copy, or of a link that counts clicks."""

import pytest

from corpus.original_urls import copied_url, is_unnamed_copy, original_url

PAGE = "https://marn.example/news/mill"


@pytest.mark.parametrize(
    "copy",
    [
        f"https://web.archive.org/web/20230105123456/{PAGE}",
        "http://web.archive.org/web/20230105123456if_/https:/marn.example/news/mill",
        "https://web.archive.org/web/2023*/marn.example/news/mill",
        "https://web.archive.org/web/2023/https%3A%2F%2Fmarn.example%2Fnews%2Fmill",
        f"https://archive.ph/2023.01.05-123456/{PAGE}",
        f"https://archive.is/newest/{PAGE}",
        f"https://archive.today/{PAGE}",
        f"https://webarchive.nationalarchives.gov.uk/ukgwa/20230105123456/{PAGE}",
        "https://megalodon.jp/2023-0105-1234-56/https://marn.example:443/news/mill",
        f"https://web.archive.org/web/20230105123456/https://archive.ph/2022.01.05-123456/{PAGE}",
        "https://marn-example.cdn.ampproject.org/c/s/marn.example/news/mill",
        "https://cdn.ampproject.org/v/s/marn.example/news/mill?amp_js_v=0.1&usqp=mq331",
        "https://www.google.co.uk/amp/s/marn.example/news/mill",
        f"https://webcache.googleusercontent.com/search?q=cache:AbCdEfGh1234:{PAGE}+salt+mill&hl=en",
        "https://webcache.googleusercontent.com/search?q=cache:marn.example/news/mill",
    ],
)
def test_a_copy_is_of_the_page(copy: str) -> None:
    assert original_url(copy) == copied_url(copy) == PAGE


def test_the_query_of_a_copied_address_is_the_pages() -> None:
    assert original_url(f"https://web.archive.org/web/2023/{PAGE}?id=3&b=1") == f"{PAGE}?id=3&b=1"


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={PAGE}&ct=ga",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fmarn.example%2Fnews%2Fmill%3Ffbclid%3D1&h=x",
        "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fmarn.example%2Fnews%2Fmill&data=05",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;url=https%3a%2f%2fmarn.example%2fnews%2fmill&amp;c=1",
    ],
)
def test_a_link_that_counts_clicks_leads_to_the_page_but_serves_none(link: str) -> None:
    assert (original_url(link), copied_url(link)) == (PAGE, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://marn.example/2023/https://elsewhere.example/x",
        "https://archive.org/download/2023/elsewhere.example/x",
        "https://ampproject.org.marn.example/c/s/elsewhere.example/x",
        "https://www.bing.com/search?q=x&url=https://elsewhere.example/x",
        "https://archive.ph/AbC12",
        "https://www.google.com/amp/",
    ],
)
def test_any_other_address_is_its_own(url: str) -> None:
    assert (original_url(url), copied_url(url)) == (url, None)


@pytest.mark.parametrize(
    "text",
    ["https://web.archive.org/web/2023/javascript:alert(1)", "https://[", "ftp://archive.ph/2023/https://a.example"],
)
def test_what_leads_to_no_page_is_no_copy(text: str) -> None:
    assert copied_url(text) is None


def test_a_short_address_of_an_archive_names_no_page() -> None:
    assert is_unnamed_copy("https://archive.ph/AbC12")
    assert not is_unnamed_copy("https://archive.ph/2023.01.05-123456/https://marn.example/")
    assert not is_unnamed_copy("https://marn.example/AbC12")
