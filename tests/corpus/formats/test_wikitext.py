"""What wikitext gives: the text that a page shows; a sentence that lacks words is never quoted."""

import pytest

from corpus.formats.wiki_templates import Templates
from corpus.formats.wikitext import plain_text
from corpus.omission import OMITTED
from corpus.passages import cut_passages


def text(wikitext: str, language: str = "en") -> str:
    return plain_text(wikitext, Templates(language))


@pytest.mark.parametrize(
    ("wikitext", "shown"),
    [
        ("{{convert|40|km|mi}}", "40 km"),
        ("{{Convert|3|to|5|mi|km}}", "3 to 5 miles"),
        ("{{cvt|5|ft|6|in|m}}", "5 ft 6 in"),
        ("a {{convert|40|km|mi|adj=on}} road", "a 40-km road"),
        ("{{formatnum:1250000}}", "1,250,000"),
        ("{{val|1200.5|u=km}}", "1,200.5 km"),
        ("{{nowrap|1=a=b}}", "a=b"),
        ("{{frac|1|2}} {{frac|3|1|2}} {{1/2}}", "1/2 3 1/2 1/2"),
        ("{{start date|2024|10|1}}", "October 1, 2024"),
        ("{{start date|2024|10|1|df=y}}", "1 October 2024"),
        ("{{birth_date|1970|January|2}}", "January 2, 1970"),
        ("{{as of|2023|5|lc=y}}", "as of May 2023"),
        ("{{circa|1900}}", "c. 1900"),
        ("{{ordinal|12}} {{ord|22}}", "12th 22nd"),
        ("{{US$|5 million}} {{€|3}}", "US$5 million €3"),
        ("{{ill|Lena Quist|de|Lena Q.}} {{ill|A|de|lt=Ann}}", "Lena Quist Ann"),
        ("{{lang|de|Wort}} {{lang-fa|Wort}} {{transl|fa|ALA|kalame}}", "Wort Wort kalame"),
        ("{{abbr|HO|Harbour Office}}", "HO"),
        ("{{ship||Heron}} {{ship|MV|Heron|1900}} {{HMS|Heron|D1}}", "Heron MV Heron HMS Heron"),
        ("{{w|Velden|the town}}", "the town"),
        ("She came.{{citation needed|date=May 2024}} He left.{{sfn|Olm|2024}}", "She came. He left."),
        ("Velden ({{IPA|x}}) lies", "Velden lies"),
        ("5{{nbsp}}km{{snd}}no", "5 km – no"),
        ("10<sup>6</sup> and 10{{sup|6}} and CO{{sub|2}}", "10^6 and 10^6 and CO2"),
        ("She <s>confirmed</s><del>told</del> denied it.", "She  denied it."),
        ("One.<br />Two.", "One.\nTwo."),
        ("{{quote|We came.|Lena Quist}}", "“We came.” — Lena Quist"),
        ("She:{{blockquote|text=“We came.”}}He:", "She:\n\n“We came.”\n\nHe:"),
    ],
)
def test_templates_that_carry_text_are_resolved(wikitext: str, shown: str) -> None:
    assert text(wikitext) == shown


def test_numbers_are_grouped_in_english_only() -> None:
    assert text("{{formatnum:1250000}}", "de") == "1250000"


def test_a_sentence_with_an_unknown_template_is_never_quoted() -> None:
    body = text("The boat cost {{mystery|5}} crowns. The mayor of Velden denied that on Monday. It is {{#expr:1+1}} m.")
    assert body.count(OMITTED) == 2
    passages = [body[span.start : span.end] for span in cut_passages(body, "en")]
    assert passages == ["The mayor of Velden denied that on Monday."]


def test_an_unknown_template_inside_a_known_one_counts_too() -> None:
    assert OMITTED in text("It cost {{nowrap|{{mystery|5}} crowns}}.")


@pytest.mark.parametrize(
    "wikitext",
    [
        "{{Harbours}}\n{{mystery|1}}\nShe came.",
        "{{mystery\n| a = b\n}}\nShe came.\n* {{mystery|1}}",
        "{{mystery}}'''She''' came.",
        "She came.{{mystery|1}}",
        "She came. {{mystery|1}}\n",
    ],
)
def test_boxes_and_notes_outside_of_sentences_leave_no_mark(wikitext: str) -> None:
    assert text(wikitext) == "She came."


def test_the_date_of_the_page_is_no_text() -> None:
    templates = Templates("en")
    assert plain_text("{{date|September 9, 2024}}{{byline|date=x|location=Velden}}She came.", templates) == "She came."
    assert "September 9, 2024" in templates.dates
