"""What wikitext gives: the text that a page shows; a sentence that lacks words is never quoted."""

import pytest

from corpus.formats.wiki_templates import Templates
from corpus.formats.wikitext import plain_text
from corpus.omission import OMITTED
from corpus.passages import cut_passages
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import dump


def text(wikitext: str, language: str = "en", *, is_news: bool = True) -> str:
    return plain_text(wikitext, Templates(language, is_news=is_news))


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
        ("{{sortname|Lena|Quist}} and {{sort|Rand, Tom|Tom Rand}}", "Lena Quist and Tom Rand"),
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


@pytest.mark.parametrize(
    ("language", "wikitext", "shown"),
    [
        ("de", "{{Zitat|Wir kamen.|Autor=Lena Quist}}", "“Wir kamen.” — Lena Quist"),
        (
            "de",
            "Der Berg ist {{nowrap|1200 m}} hoch, {{Bruch|1|2}} davon{{Anker|x}} Eis.",
            "Der Berg ist 1200 m hoch, 1/2 davon Eis.",
        ),
        ("de", "Am {{Datum|9|9|2024}} kam er.", "Am 9. September 2024 kam er."),
        (
            "fr",
            "Le {{date|9|septembre|2024}}, elle dit {{citation|Nous venons}}.",
            "Le 9 septembre 2024, elle dit « Nous venons ».",
        ),
        (
            "fr",
            "Le {{date|9|9|2024}}, {{unité|1200|km|2}} à {{Lien|langue=en|trad=Marn|fr=Marn}}.",
            "Le 9 septembre 2024, 1200 km² à Marn.",
        ),
        ("fr", "{{citation bloc|Nous venons.|auteur=Lena Quist}}", "“Nous venons.” — Lena Quist"),
        (
            "es",
            "El {{fecha|9|9|2024}} {{esd|llegó}} a {{unidad|12|km}}.{{cita requerida}}",
            "El 9 de septiembre de 2024 llegó a 12 km.",
        ),
        ("es", "{{cita|Venimos.|Lena Quist}}", "“Venimos.” — Lena Quist"),
        (
            "ru",
            "{{дата|9|9|2024}} она {{s|сказала}} {{нп5|Марну|Марне|en|Marn}}{{нет АИ|1|2|2024}}.",
            "9 сентября 2024 она сказала Марне.",
        ),
        ("ru", "{{цитата|Мы пришли.|автор=Лена}} {{число|1200}}", "“Мы пришли.” — Лена\n\n1200"),
    ],
)
def test_common_templates_are_known_by_their_names_in_other_wikis(language: str, wikitext: str, shown: str) -> None:
    assert text(wikitext, language, is_news=False) == shown


def test_a_name_means_in_each_wiki_what_it_means_there() -> None:
    assert text("She came.{{citation|Book}}") == "She came."
    assert text("Elle vint : {{citation|Oui}}.", "fr") == "Elle vint : « Oui »."
    assert OMITTED in text("Sie kam {{unité|5|km}} weit.", "de")


def test_only_wikis_of_news_state_their_day_with_a_template_for_dates() -> None:
    news, encyclopedia = Templates("fr"), Templates("fr", is_news=False)
    assert plain_text("{{date|9|septembre|2024}}\nElle vint.", news) == "Elle vint."
    assert "9 septembre 2024" in news.dates
    assert plain_text("Le {{date|9 septembre 2024}} elle vint.", encyclopedia) == "Le 9 septembre 2024 elle vint."
    assert encyclopedia.dates == []


@pytest.mark.parametrize(
    "link",
    [
        "[[Archivo:Puerto.jpg|miniatura|El puerto]]",
        "[[Файл:Порт.jpg|мини|Порт [[Марн]]а]]",
        "[[Plik:Port.JPG|mały]]",
        "[[ファイル:Port.svg|thumb|港]]",
        "[[de:Velden]]",
        "[[zh-min-nan:Velden]]",
        "[[Категория:Порты]]",
        "[[Categoría:Puertos]]",
        "-{H|zh-hans:软件;zh-hant:軟體}-",
    ],
)
def test_pictures_categories_and_links_to_other_languages_are_no_text(link: str) -> None:
    assert text(f"She came.\n{link}\nHe left.") == "She came.\n\nHe left."


def test_links_that_only_look_like_these_are_text() -> None:
    shown = text("[[:de:Velden|Velden]] and [[en:Marn|the town]] and [[mw:Manual]]")
    assert shown == "Velden and the town and Manual"


def test_of_words_in_several_scripts_one_is_shown() -> None:
    assert text("用-{zh-hans:软件;zh-hant:軟體}-和-{R|里}-和-{Velden}-。", "zh") == "用软件和里和Velden。"


@pytest.mark.parametrize(
    ("language", "source"),
    [("fr", "Elle {{Qui|a nié}} hier."), ("it", "Lei {{chiarire|ha negato}} ieri."), ("en", "She {{lang|de}} denied.")],
)
def test_a_mark_of_an_editor_that_may_have_text_in_it_leaves_a_hole(language: str, source: str) -> None:
    assert OMITTED in plain_text(source, Templates(language))


def test_a_dump_of_an_encyclopedia_shows_its_dates_and_one_of_news_is_dated_by_them(write: Write) -> None:
    pages = dump(("Velden", "{{date|September 9, 2024}} was the day on which the ferry of Velden sailed again."))
    news, encyclopedia = (one(write(name, raw)) for name, raw in (
        ("news.xml", pages), ("encyclopedia.xml", pages.replace(b"wikinews", b"wikipedia")),
    ))  # fmt: skip
    assert (news.published_at, news.body.strip()[:3]) == ("2024-09-09", "was")
    assert (encyclopedia.published_at, encyclopedia.body.strip()[:21]) == (None, "September 9, 2024 was")


@pytest.mark.parametrize(
    ("language", "source", "shown"),
    [
        ("fr", "Le {{date|9|septembre|2024}}, au {{s|XX|e}}, {{Mme|Olm}} a dit non le {{1er mai}}.",
         "Le 9 septembre 2024, au XXe siècle, Mme Olm a dit non le 1er mai."),
        ("zh", "{{link-en|奥尔姆|Olm}}否认了。", "奥尔姆否认了。"),
        ("ja", "{{仮リンク|オルム|en|Olm}}は否定した。", "オルムは否定した。"),
        ("ar", "نفى {{وإو|أولم|Olm}} الخبر.", "نفى أولم الخبر."),
        ("pt", "Em {{dtext|9|9|2024}} ela negou.", "Em 9 de setembro de 2024 ela negou."),
        ("pt", "São {{fmtn|1200|km}} até {{japonês|Tóquio|東京}}.", "São 1200 km até Tóquio (東京)."),
        ("fr", "{{Quand|Elle a nié|date=2024}} au {{-s|III|e}} et au {{IIe siècle av. J.-C.}}",
         "Elle a nié au IIIe siècle av. J.-C. et au IIe siècle av. J.-C."),
        ("fr", "À {{heure|8|30}} et {{heure|22|5|10}}, le {{date|1|octobre|2024|en sport}}, {{unité|1.5|e=9|m}}.",
         "À 8 h 30 et 22 h 5 min 10 s, le 1er octobre 2024, 1.5×10^9 m."),
        ("fr", "{{Lang|ar|texte=nafa}} de {{japonais|Tokyo|東京|Tōkyō}}", "nafa de Tokyo (東京, Tōkyō)"),
        ("es", "A 50{{esd}}km, {{Fecha|2024|9|28}} {{cita requerida|9 de mayo de 2024}}no.",
         "A 50 km, 28 de septiembre de 2024 no."),
        ("de", "Auf {{Höhe|1200|DE-NHN}} lebt {{SortKeyName|Lena|Quist}}.", "Auf 1200 m lebt Lena Quist."),
        ("it", "Ha {{senza fonte|smentito la notizia}} a {{M|12|ul=km}} da qui.{{cn}}",
         "Ha smentito la notizia a 12 km da qui."),
        ("ru", "Она {{нет АИ|15|09|2011}}была в {{не переведено|есть=:en:Marn|надо=Марна|текст=|язык=en}}.",
         "Она была в Марна."),
        ("uk", "Вона була в {{Не перекладено|Марна|Марні||Marn}}{{нп5|Ольм}}.", "Вона була в МарніОльм."),
        ("pl", "{{link-interwiki|Olm|Q=Q1|tekst=Olma}} ({{ang.|denied}}) {{w języku|en|it}}{{fakt|data=2024-01}} mówi.",
         "Olma (ang. denied) it mówi."),
        ("zh", "{{ill|en|奥尔姆|Olm}}和{{tsl|en|Olm||玛恩}}和{{liw|磨坊|en|Mill}}和{{link-it|堤|Diga|大堤}}。",
         "奥尔姆和玛恩和磨坊和大堤。"),
        ("ja", "{{要出典範囲|彼は否定した|date=2024年}}。", "彼は否定した。"),
    ],
)  # fmt: skip
def test_templates_of_more_languages_carry_text(language: str, source: str, shown: str) -> None:
    assert plain_text(source, Templates(language)) == shown
