"""Which dates are believed, which are not, and what the bounds of a search mean."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.dates import is_ahead, parse_bound, parse_published
from corpus.errors import BadInput

TODAY = date(2024, 9, 12)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2024-09-09", "2024-09-09"),
        ("2024-09-09T10:00:00Z", "2024-09-09T10:00:00Z"),
        ("2024-09-09T23:30:00-05:00", "2024-09-09T23:30:00-05:00"),
        ("2024-09-09T08:00:00.123+0900", "2024-09-09T08:00:00+09:00"),
        ("2024-09-09T10:00:00+02:00[Europe/Berlin]", "2024-09-09T10:00:00+02:00"),
        ("2024-09-09 10:00", "2024-09-09"),
        ("2024-09-08T23:59:60Z", "2024-09-08"),
        ("2024-09-08T24:00:00Z", "2024-09-08"),
        ("2024-09-09T00:10:00+25:00", "2024-09-09"),
        ("2024-9-9", "2024-09-09"),
        ("2024-9-9 10:00", "2024-09-09"),
        ("09.09.2024 г., 23:50", "2024-09-09"),
        ("9.9.2024 klo 10.30", "2024-09-09"),
        ("2024. 9. 9. 오후 11:50", "2024-09-09"),
        ("2024/9/9 下午11:50", "2024-09-09"),
        ("09SEP2024", "2024-09-09"),
        ("Published Sep 9, 2024, 5:00 PM ET | Updated Sep 10, 2024", "2024-09-09"),
        ("9 September 2024 (updated 10 September 2024)", "2024-09-09"),
        ("Updated Sep 10, 2024 | Published Sep 9, 2024", "2024-09-09"),
        ("2024 m. rugsėjo 9 d.", "2024-09-09"),
        ("2024. gada 9. septembris", "2024-09-09"),
        ("9 กันยายน พ.ศ. 2567", "2024-09-09"),
        ("5 ربيع الأول 1446 هـ الموافق 9 سبتمبر 2024", "2024-09-09"),
        ("9 سبتمبر 2024 الموافق 5 ربيع الأول 1446", "2024-09-09"),
        ("دوشنبه ۱۹ شهريور ۱۴۰۳، ساعت ۱۰:۲۰", "2024-09-09"),
        ("۱۹ شهریور ماه ۱۴۰۳ - ۹ سپتامبر ۲۰۲۴", "2024-09-09"),
        ("30 اسفند 1403", "2025-03-20"),
        ("۵ جدی ۱۴۰۲", "2023-12-26"),
        ("1 فروردین 1375", "1996-03-20"),
        ("1 فروردین 1400", "2021-03-21"),
        ("1403/06/19", "2024-09-09"),
        ("۱۴۰۳/۶/۹", "2024-08-30"),
        ("14030619", "2024-09-09"),
        ("1403-06-19T10:20:00+03:30", "2024-09-09T10:20:00+03:30"),
        ("۱۹/۰۶/۱۴۰۳", "2024-09-09"),
        ("دوشنبه ۱۴۰۳/۰۶/۱۹ ساعت ۱۰:۲۰", "2024-09-09"),
        ("سه‌شنبه، ۱۴۰۳/۰۶/۲۰", "2024-09-10"),
        ("سه شنبه ۱۴۰۳/۰۶/۲۰", "2024-09-10"),
        ("تاریخ انتشار: ۱۴۰۳/۰۶/۱۹", "2024-09-09"),
        ("۱۰:۲۰ - ۱۴۰۳/۰۶/۱۹", "2024-09-09"),
        ("1403/12/30", "2025-03-20"),
        ("19 Shahrivar 1403", "2024-09-09"),
        ("Tir 19, 1403", "2024-07-09"),
        ("۱۴۰۳ شهریور ۱۹", "2024-09-09"),
        ("۱۹ شهریورماه ۱۴۰۳", "2024-09-09"),
        ("١٩ شهریور ١٤٠٣", "2024-09-09"),
        ("10:20 pm, 13/09/2024", "2024-09-13"),
        ("Published: 2024-09-09", "2024-09-09"),
        ("2024-09-09 | 10:20", "2024-09-09"),
        ("20240909T123000Z", "2024-09-09T12:30:00Z"),
        ("20240909T083000+0900", "2024-09-09T08:30:00+09:00"),
        ("20240909123000", "2024-09-09"),
        ("1725876000", "2024-09-09T10:00:00Z"),
        ("1725876000123", "2024-09-09T10:00:00Z"),
        ("1725876000.5", "2024-09-09T10:00:00Z"),
        ("Mon, 09 Sep 2024 10:00:00 +0200", "2024-09-09T10:00:00+02:00"),
        ("Mon, 09 Sep 2024 23:00:00 EST", "2024-09-09T23:00:00-05:00"),
        ("Monday, 09-Sep-24 12:30:00 GMT", "2024-09-09T12:30:00Z"),
        ("Mon, 09 Sep 2024 23:30:00 GMT+7", "2024-09-09T23:30:00+07:00"),
        ("9 Sept 2024 23:30 UTC-3", "2024-09-09T23:30:00-03:00"),
        ("Monday, 09-Sep-85 12:30:00 GMT", "1985-09-09T12:30:00Z"),
        ("Mon Sep  9 12:30:00 2024", "2024-09-09"),
        ("Mon Sep 09 2024 08:00:00 GMT+0900 (Japan Standard Time)", "2024-09-09T08:00:00+09:00"),
        ("September 9, 2024", "2024-09-09"),
        ("Monday, 9 Sept 2024", "2024-09-09"),
        ("9 Sept 2024 10:30 GMT", "2024-09-09T10:30:00Z"),
        ("Sept 9, 2024 at 10:30 p.m.", "2024-09-09"),
        ("9 septembre 2024", "2024-09-09"),
        ("9 сентября 2024", "2024-09-09"),
        ("mar. 10 sept. 2024", "2024-09-10"),
        ("Montag, 9. September 2024, 14:30 Uhr MESZ", "2024-09-09T14:30:00+02:00"),
        ("9 de setiembre de 2024", "2024-09-09"),
        ("9 settembre 2024", "2024-09-09"),
        ("9 de setembro de 2024", "2024-09-09"),
        ("9 сентября 2024 года, 23:30 МСК", "2024-09-09T23:30:00+03:00"),
        ("9 вересня 2024 року", "2024-09-09"),
        ("9 Eylül 2024", "2024-09-09"),
        ("٩ أيلول/سبتمبر ٢٠٢٤", "2024-09-09"),
        ("۹ سپتامبر ۲۰۲۴", "2024-09-09"),
        ("9 בספטמבר 2024", "2024-09-09"),
        ("2024年9月9日 星期一 08:00", "2024-09-09"),
        ("2024년 9월 9일", "2024-09-09"),
        ("9 सितंबर 2024", "2024-09-09"),
        ("9 tháng 9, 2024", "2024-09-09"),
        ("9 listopada 2024 r.", "2024-11-09"),
        ("9. listopada 2024.", "2024-10-09"),
        ("9.8.2024", "2024-08-09"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
    ],
)
def test_stated_dates_are_read(text: str, stated: str) -> None:
    assert parse_published(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "",
        "on Monday",
        "yesterday",
        "2 days ago",
        "September 2024",
        "2024",
        "09/08/2024",
        "31 February 2024",
        "9 Sept 1700",
        "9 Sept 2999",
        "2024-13-01",
        "4725876000",
        "9. srp 2024",
        "9 people in May 2024",
        "9 May 2024 and 9 June 2024",
        "2024年9月",
        "x" * 5000,
        "9 people in Kyiv, 2024",
        "30 اسفند 1402",
        "1402/12/30",
        "1403/07/31",
        "1403/13/01",
        "05/06/1403",
        "1446/03/05",
        "1299/01/01",
        # In Arabic digits, years may be those of the lunar calendar.
        "١٤٠٣/٠٦/١٩",
        "Herald 2024-09-09",
        "31 مهر 1403",
        "۱۹ شهریور ۱۴۰۳ - ۱۰ سپتامبر ۲۰۲۴",
        "8 سبتمبر 2024 الموافق 9 سبتمبر 2024",
        "9.9.2024 10.9.2024",
    ],
)
def test_what_states_no_day_is_no_date(text: str) -> None:
    assert parse_published(text) is None


@pytest.mark.parametrize("zone", ["EST", "CST", "BST", "IST"])
@pytest.mark.parametrize("form", ["2024-09-09 23:30 {}", "9 September 2024, 23:30 {}", "Sept 9, 2024, 11:30 pm {}"])
def test_of_a_time_in_a_zone_whose_letters_have_several_meanings_the_day_counts(form: str, zone: str) -> None:
    assert parse_published(form.format(zone)) == "2024-09-09"


@pytest.mark.parametrize("form", ["2024-09-09T{} CEST", "9 September 2024, {} CEST", "9 septembre 2024 à {} CEST"])
def test_a_zone_with_one_meaning_is_kept_as_its_offset(form: str) -> None:
    assert parse_published(form.format("23:30")) == "2024-09-09T23:30:00+02:00"


def test_a_stated_date_states_itself() -> None:
    for text in ("2024-09-09", "2024-09-09T10:00:00Z", "2024-09-09T08:00:00+09:00", "2024-09-09T23:30:00-05:30"):
        assert parse_published(text) == text


def test_of_texts_that_are_no_dates_only_those_that_name_a_month_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    monkeypatch.setattr("dateparser.parse", lambda text, **_named: searched.append(text))
    for day in range(1, 29):
        assert all(parse_published(f"{day} {month} 2024") for month in ("September", "сентября", "janvier"))
        assert not any(parse_published(f"{day} {word} 2024") for word in ("Kyiv", "xyz"))
    assert searched == []
    for _ in range(3):
        parse_published("9 unheard of things in March 2024")
    assert searched == ["9 unheard of things in March 2024"]


def test_a_day_ahead_is_told_by_the_moment_and_not_by_its_spelling() -> None:
    now = "2024-09-09T00:00:00Z"
    assert not is_ahead("2024-09-09T22:00:00+09:00", now)
    assert is_ahead("2024-09-09T10:00:00-09:00", now)
    assert not is_ahead("2024-09-09", now)


@pytest.mark.parametrize("year", [2028, 2199, 2399])
def test_a_day_far_ahead_is_read_so_that_it_can_be_told_as_one(year: int) -> None:
    for text in (f"{year}-01-05", f"{year}0105T101500Z", f"5 January {year}", f"05.01.{year}", f"{year}-W01-3"):
        stated = parse_published(text)
        assert stated is not None
        assert stated.startswith(f"{year}-01-0")
        assert is_ahead(stated, "2026-09-09T00:00:00Z")


@pytest.mark.parametrize("text", ["2400-01-05", "5 January 2567", "9999-12-31", "34521107"])
def test_a_year_that_may_be_of_another_era_or_no_year_is_no_date(text: str) -> None:
    stated = parse_published(text)
    assert stated is None or stated == "2024-01-05"


@settings(max_examples=50)
@given(st.text(alphabet="0123456789-/.:TZ+ ", max_size=30))
def test_any_numbers_give_a_real_date_or_none(text: str) -> None:
    stated = parse_published(text)
    assert stated is None or date.fromisoformat(stated[:10])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("September 2024", "2024-09-01", "2024-09-30"),
        ("since March 2024", "2024-03-01", "2024-03-31"),
        ("2024-09-09", "2024-09-09", "2024-09-09"),
        ("9 Sept 2024", "2024-09-09", "2024-09-09"),
        ("yesterday", "2024-09-11", "2024-09-11"),
        ("last week", "2024-09-02", "2024-09-08"),
        ("last month", "2024-08-01", "2024-08-31"),
        ("3 days ago", "2024-09-09", "2024-09-09"),
    ],
)
def test_a_bound_names_its_first_or_last_day(text: str, first: str, last: str) -> None:
    assert parse_bound(text, today=TODAY, end=False).isoformat() == first
    assert parse_bound(text, today=TODAY, end=True).isoformat() == last


@pytest.mark.parametrize("text", ["", "soon", "2024-99", "0000", "99999999 days ago", "x" * 10_000])
def test_a_bound_that_is_no_date_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(BadInput) as raised:
        parse_bound(text, today=TODAY, end=False)
    assert "2024-09-30" in raised.value.hint


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2024. 9. 9.", "2024-09-09"),
        ("Sep-09-2024", "2024-09-09"),
        ("令和6年9月9日", "2024-09-09"),
        ("9 กันยายน 2567", "2024-09-09"),
        ("9 September 2024 10:00 +1600", "2024-09-09"),
    ],
)
def test_more_calendars_and_orders_and_no_impossible_offset(text: str, stated: str) -> None:
    assert parse_published(text) == stated


@pytest.mark.parametrize(
    "text",
    [
        "2024-W37-1", "2024W371", "2024-253", "1725868800123456", "20240909T0800", "Publié le 9 septembre 2024 à 08:00",
        "Last updated on September 9, 2024", "Date: 9 September 2024", "lun, 09/09/2024 - 08:00", "民國113年9月9日",
        "9 ก.ย. 2567", "Пн, 09 сен 2024 08:00:00 +0300", "9 ستمبر 2024", "9 সেপ্টেম্বর 2024",
    ],
)  # fmt: skip
def test_more_forms_of_one_day(text: str) -> None:
    assert (parse_published(text) or "")[:10] == "2024-09-09"


@pytest.mark.parametrize(("text", "day"), [("9 كانون الثاني 2024", "2024-01-09"), ("9 تشرين الأول 2024", "2024-10-09")])
def test_levantine_months_have_two_words(text: str, day: str) -> None:
    assert parse_published(text) == day


@pytest.mark.parametrize("text", ["1970-01-01", "1970-01-01T00:00:00Z", "2024-W54-1", "2023-366"])
def test_what_no_publisher_means_is_no_date(text: str) -> None:
    assert parse_published(text) is None


@pytest.mark.parametrize("text", ["until 2024-09-30", "Before 2024-09-30", "from 2024-09-30", "1446/03/05"])
def test_a_bound_and_a_day_of_the_lunar_calendar_date_no_article(text: str) -> None:
    assert parse_published(text) is None
