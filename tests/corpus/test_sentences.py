"""Where sentences begin and end: every offset right, no word lost, whatever the text and the stated language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentencex import get_sentence_boundaries

from corpus import sentences as splitter
from corpus.article import Span
from corpus.sentences import MAX_LETTERS, WINDOW, split_sentences
from corpus.word_count import count_letters

LANGUAGES = [None, "", "en", "EN-gb", "de", "fr", "ar", "hi", "zh", "ja", "xx", "日本語", "!", "\x00"]
PARTS = [
    "Dr. Roe said no.",
    "“Never,” he said.",
    "U.S. envoys met at 5 p.m. on Sept. 3.",
    " ",
    "\n",
    "\t",
    "?!",
    "...",
    "…",
    "。",
    "؟",
    "।",
    "😀",
    "👩‍🚀",
    "𝔘nit",
    "e\u0301",
    "\u2028",
    "\x85",
    "\u200d",
    "(",
    '"',
    "No. 7",
    "a",
    "4.5",
    "\ufffd",
    "\r\n\r\n",
    "「桥关闭了。」",
    "សេចក្តី។",
    "Amb. Moor",
    "x" * 1_500,
    "港" * 400,
    "รั" * 300,
    "“" * 50,
]
# What may stand in a stored body: anything but lone surrogates, which cleaning removes.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.lists(st.sampled_from(PARTS), max_size=30).map("".join),
)


def sentences(text: str, language: str | None = None) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The envoy left. The talks went on.", ["The envoy left.", "The talks went on."]),
        ("Did it deny that? It did.", ["Did it deny that?", "It did."]),
        ("Dr. Roe spoke to Mr. Doe. He left.", ["Dr. Roe spoke to Mr. Doe.", "He left."]),
        (
            "Prices rose 4.5 percent in May. They fell in June.",
            ["Prices rose 4.5 percent in May.", "They fell in June."],
        ),
        ("  The envoy left.\n\nHe came back. ", ["The envoy left.", "He came back."]),
        ("A 😀 smile. A 𝔘 sign.", ["A 😀 smile.", "A 𝔘 sign."]),
        ("The envoy left and did not say", ["The envoy left and did not say"]),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(text: str, cut: list[str]) -> None:
    assert sentences(text) == cut


def test_a_quotation_stays_with_the_words_that_name_its_speaker() -> None:
    text = "“We never sent them,” the minister said. “Not one.”"
    assert sentences(text)[0] == "“We never sent them,” the minister said."


def test_a_second_closing_quote_stays_with_its_sentence() -> None:
    assert sentences("“They shouted ‘Back to work!’’ and left.’’ Nobody came.") == [
        "“They shouted ‘Back to work!’’ and left.’’",
        "Nobody came.",
    ]


def test_the_rules_of_the_stated_language_are_used() -> None:
    text = "Das Treffen war am 3. Oktober in Genf. Danach reisten alle ab."
    assert sentences(text, "de") == ["Das Treffen war am 3. Oktober in Genf.", "Danach reisten alle ab."]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_there_is_no_sentence_in_nothing(text: str) -> None:
    assert split_sentences(text, 0, len(text)) == []


def test_only_the_given_slice_is_cut_and_offsets_refer_to_the_whole_text() -> None:
    text = "😀 One came. Two came. Three came. Four came."
    start, end = text.index("Two"), text.index(" Four")
    spans = split_sentences(text, start, end)
    assert [text[span.start : span.end] for span in spans] == ["Two came.", "Three came."]
    assert spans[0] == Span(start, start + len("Two came."))


@given(text=TEXT, language=st.sampled_from(LANGUAGES), data=st.data())
def test_sentences_are_trimmed_in_order_and_hold_every_character_that_shows(
    text: str, language: str | None, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for span in split_sentences(text, start, end, language):
        assert at <= span.start < span.end <= end
        assert not text[at : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        assert count_letters(sentence) <= MAX_LETTERS
        at = span.end
    assert not text[at:end].strip()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The clerk denied at 4 p.m. Thursday that the lock had failed."),
        ("en", "The vote began at 9 a.m. Eastern Time, or at 5 p.m. Feb. 3 in the north."),
        ("en", "Talks with U.S. Amb. Lena Moor and the force of Dep. Carl Lund ended."),
        ("en", "He met Ret. Gen. Paul Hart, Dist. Atty. Rosa Pell and Sec. of State Ann Lee."),
        ("en", "They lost approx. Twenty boats and approx. 30 nets under para. 3 of the rules."),
        ("en", "The loan of 3 bn. Euros, or $4 bn. Monday, was repaid."),
        ("en", "It fell on Mon. Sept. 9 near Ft. Stone, said Calif. Gov. Ann Lee."),
        ("en", "A. J. Stone and Arthur W. Bell denied it."),
        ("de", "Das war im 21. Jahrhundert und am 3. Oktober, sagte Karl Stein, geb. Moor."),
        ("de", "Dabei waren Kinder, inkl. Enkel, und Hptm. Karl Stein."),
        ("ru", "Завод им. Петрова и порт, т. е. Северный, были закрыты, сказал ген. Иванов."),
        ("ru", "Акад. Петров, св. Николай и респ. Марий Эл упомянуты в ст. 5."),
        ("uk", "Він жив у м. Марлов на вул. Петрова."),
        ("ar", "قال د. سامي نور إن الجسر مغلق."),
        ("ar", "وذكرت أ. ف. ب. الخبر، وقال أ.د. نور ذلك."),
        ("fa", "دکتر م. ع. رضایی این را تکذیب کرد."),
        ("hi", "डॉ. राम और पं. श्याम ने इनकार किया।"),
        ("fr", "M. Le Roc, Mme. Anne Lys, le gén. Brun et J.-P. Roc ont nié."),
        ("es", "El Cnel. Paz y J. Ruiz lo negaron."),
        ("pl", "Zaprzeczyli gen. Lis, płk. Sowa i św. Jan, m.in. Wilk."),
        ("tr", "Doç. Ak ve Av. Can Su yalanladı."),
    ],
)
def test_an_abbreviation_before_a_name_ends_no_sentence(language: str, text: str) -> None:
    assert sentences(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "They met at 5 p.m.", "The envoy left."),
        ("en", "They met at 5 p.m.", "Ann Lee left."),
        ("en", "It cost $5 bn.", "Lund paid."),
        ("en", "They know who I am.", "Monday came."),
        ("en", "He was a Rep.", "The envoy left."),
        ("en", "It ended on Fri.", "Ann Lee left."),
        ("en", "He lives in Tampa, Fla.", "The envoy left."),
        ("de", "Es waren 12.", "Der Minister ging."),
        ("de", "Das war im Jahr 2024.", "Minister Stein ging."),
        ("ru", "Это был он.", "Петров ушёл."),
        ("ru", "Это сказали им.", "Петров ушёл."),
        ("ar", "وقع ذلك عام 1445 هـ.", "وقال الوزير إنه ينفي."),
        ("fr", "C’était le plan B.", "Le ministre est parti."),
        ("en", "The envoys flew back to the U.S.", "Nobody met them."),
        ("en", "They sold bread, milk, etc.", "Prices rose."),
        ("ru", "Там живут 12 тыс. чел.", "Помощь задерживается."),
        ("ru", "Там были солдаты, врачи и др.", "Погибших нет."),
        ("uk", "Там продають хліб та ін.", "Ціни зростають."),
        ("uk", "Завод збудовано у 1985 р.", "Сьогодні там музей."),
        ("de", "Es fehlten Brot, Wasser usw.", "Händler klagen."),
        ("de", "Der Verlust beträgt 40 Mio.", "Niemand haftet."),
        ("fr", "Il manquait du pain, etc.", "Les prix montent."),
        ("es", "Vive en EE. UU.", "Ayer volvió a casa."),
        ("pt", "Vendem pão, leite, etc.", "Os preços sobem."),
        ("tr", "Ekmek, süt vb.", "Fiyatlar artıyor."),
        ("ar", "تبلغ المسافة 30 كم.", "وأضاف المتحدث أن الطريق مغلق."),
    ],
)
def test_an_abbreviation_can_end_a_sentence(language: str, one: str, other: str) -> None:
    assert sentences(f"{one} {other}", language) == [one, other]


@pytest.mark.parametrize(
    ("language", "cut"),
    [
        ("zh", ["桥关闭了。", "部长说了话。"]),
        ("zh", ["部长说：“桥关闭了。”", "他走了。"]),
        ("zh", ["部长说：『桥关闭了。』", "他走了。"]),
        ("zh", ["部长问：「桥关闭了吗？」", "他走了！", "船来了。"]),
        ("zh", ["“桥关闭了。”，他说。", "船来了。"]),
        ("ja", ["大臣は「橋は閉鎖された。」と述べた。", "彼は去った。"]),
        ("ur", ["پل بند ہے۔", "وزیر نے کہا: “پل بند ہے۔”", "وہ گئے۔"]),
        ("ar", ["هل الجسر مغلق؟", "قال الوزير: «الجسر مغلق.»", "ثم غادر."]),
        ("hi", ["पुल बंद है।", "मंत्री ने कहा: “पुल बंद है।”", "वे गए।"]),
        ("my", ["တံတားပိတ်။", "ဝန်ကြီးပြော။"]),
        ("km", ["ស្ពានបិទ។", "រដ្ឋមន្ត្រីនិយាយ។"]),
        ("am", ["ድልድዩ ተዘግቷል።", "ሚኒስትሩ ተናገሩ።"]),
        ("hy", ["Կամուրջը փակ է։", "Նախարարը ասաց։"]),
    ],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_full_stops_and_closing_quotes_of_other_scripts_are_known(
    language: str, cut: list[str], is_known: bool
) -> None:
    gap = "" if language in {"zh", "ja"} else " "
    assert sentences(gap.join(cut), language if is_known else None) == cut


@pytest.mark.parametrize(
    ("language", "cut"),
    [
        ("en", ['"The boat was full," she said.', '"And now it is gone."', "She left."]),
        ("en", ["“It’s just sad,” he told reporters.", "“Obviously, everyone saw Anna’s boat.”", "He left."]),
        ("en", ["It can be no distraction,’’ he said.", "“The sole focus is the ferry.’’"]),
        ("sv", ["Hon nekade.", "”Vi säljer aldrig.”", "Hon gick."]),
        ("de", ["Sie verneinte es.", "‚Wir verkaufen nie.‘", "Sie ging."]),
        ("ur", ["وزیر نے تردید کی۔", "’’ہم اسے نہیں بیچیں گے۔‘‘", "وہ گئے۔"]),
    ],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_mark_that_opens_a_quotation_begins_its_sentence(language: str, cut: list[str], is_known: bool) -> None:
    assert sentences(" ".join(cut), language if is_known else None) == cut


@pytest.mark.parametrize(
    ("language", "cut"),
    [
        ("sv", ["Sedan reste hon.", "”Det stämmer inte”, sade Olm.", "”Vi seglar.”", "Ingen kom."]),
        ("sv", ["»Vi seglar», sade hon.", "»Är det sant?» frågade han.", "Hon gick."]),
        ("sv", ["”Är det sant?” frågade Lund.", "Ingen svarade.", "”Nej!” ropade han."]),
        ("da", ["Så gik hun.", "»Er det sandt?« spurgte Lund.", "»Vi sejler.«"]),
        ("fi", ["”Emme ampuneet”, ministeri sanoi.", "”Se ei pidä paikkaansa.”", "Hän lähti."]),
        ("sv", ["Det sade gen. ”Kalle” Lund.", "Hon gick."]),
    ],
)
def test_marks_that_close_in_english_open_and_close_elsewhere(language: str, cut: list[str]) -> None:
    text = " ".join(cut)
    assert [text[span.start : span.end] for span in split_sentences(text, 0, len(text), language)] == cut


@pytest.mark.parametrize(
    ("language", "cut"),
    [
        (
            "sv",
            ["”Vi seglar”, sade hon.", "Sedan gick Olm ut.", "Ingen såg det.", "Mötet är 12 maj.", "Alla kan.", "Nej."],
        ),
        ("sv", ["Det sade gen. Lund och maj. Olm till dr. Berg."]),
        ("nb", ["Ingen så det.", "Olm gikk ut.", "Den er min.", "Ja."]),
        ("da", ["Det skete i nat.", "Olm gik ned.", "Skibe kom fra nord.", "De var to.", "Det sagde kapt. Lund."]),
        ("de", ["Es war ein Treffen dieser Art.", "Danach ging Olm.", "Nach Art. 5 gilt es."]),
    ],
)
def test_everyday_words_are_no_abbreviations(language: str, cut: list[str]) -> None:
    assert sentences(" ".join(cut), language) == cut


@pytest.mark.parametrize(
    ("language", "cut"),
    [
        ("en", ["he left.", "the army said it was over.", "mr. olm of the u.s. senate stayed.", "nobody asked."]),
        ("en", ["They sold it in May.", "iPhone maker Apple left on Friday.", "eBay stayed."]),
        ("en", ["See approx. two dept. heads, misc. papers, the subsp. pallida, etc. and www. herald. example."]),
        ("en", ["Olm Inc. has 4 p.m. as its hour, and the poems... are U.S. iPhone poems."]),
        ("de", ["Er ging ggf. mit ihr weiter. dann kam er."]),
    ],
)
def test_a_small_letter_begins_a_sentence_behind_a_whole_english_word(language: str, cut: list[str]) -> None:
    assert sentences(" ".join(cut), language) == cut


def test_a_closing_mark_behind_a_space_stays() -> None:
    assert sentences('He said: "Go. " Then he left.') == ['He said: "Go. "', "Then he left."]


@pytest.mark.parametrize(
    ("unit", "ends_with"),
    [
        ("the envoys of the harbour did not say why, and ", ","),
        ("the envoys of the harbour did not say why; and ", ";"),
        ("envoys and ", ("envoys", "and")),
        ("the envoys (who left. And came back) went on and ", "."),
        ("港务局没有说明原因，也没有", "，"),
        ("港务局没有说明原因也没有", ("港", "务", "局", "没", "有", "说", "明", "原", "因", "也")),
        ("สะพานปิดแล้ว", tuple("สะพานปิดแล้ว")),
        ("e\u0301", "\u0301"),
        ("👩\u200d🚀", ("👩\u200d🚀",)),
    ],
)
def test_a_sentence_that_is_too_long_is_cut_at_the_best_place(unit: str, ends_with: str | tuple[str, ...]) -> None:
    text = (unit * (20_000 // len(unit))).strip()
    spans = split_sentences(text, 0, len(text))
    assert len(spans) > 5
    for span in spans:
        assert count_letters(text[span.start : span.end]) <= MAX_LETTERS
    assert all(text[span.start : span.end].endswith(ends_with) for span in spans[:-1])
    assert " ".join(text[span.start : span.end] for span in spans).split(" ") == text.split(" ") or " " not in text
    assert "".join(text[span.start : span.end] for span in spans).replace(" ", "") == text.replace(" ", "")


def test_a_sentence_that_is_too_long_is_not_cut_in_an_abbreviation_of_letters() -> None:
    text = (
        "The ferry law "
        + "and its many parts " * 40
        + "as codified at 21 U.S.C. 844; "
        + "and more of it " * 30
        + "held."
    )
    [first, _] = [text[span.start : span.end] for span in split_sentences(text, 0, len(text))]
    assert first.endswith("21 U.S.C. 844;")


@pytest.mark.parametrize(
    "address", ["https://herald.example/a", "www.herald.example.", "pic.herald.example/Ab1 — Ines Olm", "t.co/Ab1"]
)
def test_an_address_behind_a_sentence_is_no_part_of_it(address: str) -> None:
    text = f"The ferry sailed on Monday. {address}"
    assert [text[span.start : span.end] for span in split_sentences(text, 0, len(text))] == [
        "The ferry sailed on Monday.",
        address,
    ]


def test_a_long_text_is_cut_as_its_parts_are() -> None:
    ordinary = "The envoy left. “We never sent them. Not one,” she said at 5 p.m. Monday. Amb. Moor agreed. "
    text = (ordinary * 200).strip()
    assert sentences(text) == sentences(ordinary) * 200


@pytest.mark.parametrize(
    "unit",
    ["港务局周五发表声明。", "สะพานปิดแล้ว", "あ「い。」", "“", "'", "(", "Amb. ", "a.", "x", "A. ", "\n", " " * 9 + "a"],
)
def test_the_library_sees_bounded_pieces_and_each_character_few_times(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def counted(language: str, text: str) -> list[dict[str, object]]:
        seen.append(len(text))
        return get_sentence_boundaries(language, text)

    monkeypatch.setattr(splitter, "get_sentence_boundaries", counted)
    text = unit * (100_000 // len(unit))
    split_sentences(text, 0, len(text), "zh")
    assert max(seen) <= WINDOW
    assert sum(seen) <= 2 * len(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Flt. Lt. Jo Roe said no."),
        ("en", "Amb. (ret.) Jo Roe said no."),
        ("ru", "Ген.-лейт. Роу сказал нет."),
        ("uk", "Підполк. Роу та заст. Міністра сказали ні."),
        ("en", "Mohd. Roe of the U.S. Embassy said no."),
        ("ar", "يعود المعبد إلى عام 300 ق.م. حسب الوزارة."),
        ("de", "Dipl.-Ing. Roe sagte nein."),
        ("it", "L'on. Roe ha detto no."),
        ("hu", "Özv. Roe nemet mondott."),
        ("pl", "W 2021 r. Belmar zamknął most."),
        ("pt", "Alguns, p. ex. Belmar, negaram."),
        ("th", "พล.อ. โร ปฏิเสธข่าว"),
        ("ko", '로 장관은 "다리는 닫지 않는다."라고 말했다.'),
        ("zh", "“桥不会关闭。”他说。"),
        ("ur", "اس نے کہا ’’پل بند نہیں۔‘‘"),
    ],
)
def test_more_abbreviations_and_quotations_cut_no_sentence(language: str, text: str) -> None:
    assert sentences(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("en", "The pier opened in May.", "Roe said no."),
        ("en", "They asked me.", "Roe said no."),
        ("de", "Das kostet 3 Mio.", "Das ist viel."),
        ("es", "Vive en EE. UU.", "El puente cerró."),
        ("ru", "Это стоит 3 млн руб.", "Он сказал нет."),
        ("zh", "他说：“桥不会关闭。”", "会后他走了。"),
    ],
)
def test_what_looks_like_an_abbreviation_ends_a_sentence(language: str, first: str, then: str) -> None:
    assert sentences(f"{first} {then}", language) == [first, then]


def test_a_headline_without_a_full_stop_is_no_part_of_the_sentence_below() -> None:
    below = "The bridge of Belmar stays closed until June, the council said on Monday, since nobody has paid for it."
    assert sentences(f"Bridge stays closed\n{below}") == ["Bridge stays closed", below]
    zh = "市议会星期一表示，由于无人付款，贝尔马大桥将关闭到六月。"
    assert sentences(f"大桥关闭\n{zh}", "zh") == ["大桥关闭", zh]
    assert len(sentences("The bridge of Belmar stays closed until\nJune, the council said on Monday.")) == 1
