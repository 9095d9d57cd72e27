"""What is found in a text: source, cue, content, class, negation, speaker; and that no text breaks it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.attribution.attribution import AttributionSpans, CueClass
from bot.answering.attribution.finder import find_attributions
from corpus.article import Span
from tests.limits import count_calls, processor_limit

# All names are made up.
HOSTILE = st.text(
    alphabet=st.sampled_from("aB.,\"“”‘’'\n\t -—:;()«»é1٣\u200b\u2028😀\x00say denied he Quist"), max_size=400
)
WORDS = st.lists(
    st.sampled_from(
        """Brandt Quist he she who said denied told allegedly . , “ ” " 's : that the minister not according to Mr. U.S.
        it was reported is believed \n\n citing sources claim denial""".split(" ")
    ),
    max_size=120,
).map(" ".join)


def part(text: str, span: Span | None) -> str | None:
    return text[span.start : span.end] if span else None


def only(text: str, cue: str) -> AttributionSpans:
    """The one attribution whose cue holds a word."""
    found = [each for each in find_attributions(text) if cue in text[each.cue.start : each.cue.end]]
    assert len(found) == 1, [part(text, each.cue) for each in find_attributions(text)]
    return found[0]


@pytest.mark.parametrize(
    ("text", "cue", "source", "content"),
    [
        ("Oskar Brandt denied that the bridge is unsafe.", "denied", "Oskar Brandt", "the bridge is unsafe"),
        ("The harbour office said the ferry would sail.", "said", "The harbour office", "the ferry would sail"),
        ("The ferry will sail in May, the office said.", "said", "the office", "The ferry will sail"),
        ("“The bridge is safe,” said Lena Quist.", "said", "Lena Quist", "“The bridge is safe,”"),
        ('"The bridge is safe," Lena Quist said.', "said", "Lena Quist", '"The bridge is safe,"'),
        ("According to the harbour office, ninety boats sank.", "According", "the harbour office", "ninety boats sank"),
        ("Ninety boats sank, according to Lena Quist.", "according", "Lena Quist", "Ninety boats sank"),
        ("“We sold no rockets,” Brandt told the Marn News Agency.", "told", "Brandt", "“We sold no rockets,”"),
        ("Quist called the report a fabrication.", "called", "Quist", "the report a fabrication"),
        ("Brandt accused the rebels of murder.", "accused", "Brandt", "the rebels of murder"),
        ("In a statement, the army said it had shot down four drones.", "said", "the army", "four drones"),
        ("Quist claimed that the vote was rigged.", "claimed", "Quist", "the vote was rigged"),
        ("The office warned that the river could flood.", "warned", "The office", "the river could flood"),
        ("Quist tweeted that the boat was safe.", "tweeted", "Quist", "the boat was safe"),
        ("Brandt wrote on Twitter that the mine was closed.", "wrote", "Brandt", "the mine was closed"),
        ("The general was quoted as saying that the army left.", "quoted", "The general", "the army left"),
        ("The newspaper, citing unnamed sources, reported that drones fell.", "reported", "newspaper", "drones fell"),
        ("A spokesman for the Sea Ministry said talks had failed.", "said", "A spokesman for the Sea Ministry",
         "talks had failed"),
        ("Ostravia's denial of the attack came late.", "denial", "Ostravia", "the attack"),
    ],
)  # fmt: skip
def test_source_and_content_are_found(text: str, cue: str, source: str, content: str) -> None:
    found = only(text, cue)
    assert source in (part(text, found.source) or "")
    assert content in " ".join(text[span.start : span.end] for span in found.content)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Belmark allegedly sent troops.", ["Belmark", "sent troops"]),
        ("Reportedly, the troops crossed at night.", ["the troops crossed at night"]),
        ("The ship is believed to have carried grain.", ["The ship", "have carried grain"]),
        ("The claim could not be independently verified.", ["The claim"]),
    ],
)
def test_what_nobody_vouches_for_has_no_source_and_is_unconfirmed(text: str, content: list[str]) -> None:
    [found] = [each for each in find_attributions(text) if each.cue_class is CueClass.UNCONFIRMED]
    assert (found.source, found.speaker, found.negated) == (None, None, False)
    assert [text[span.start : span.end] for span in found.content] == content


@pytest.mark.parametrize(
    ("text", "cue", "kind", "negated"),
    [
        ("Brandt said the bridge was safe.", "said", CueClass.SAYS, False),
        ("Brandt insisted that the bridge was safe.", "insisted", CueClass.CLAIMS, False),
        ("Brandt alleged that the vote was rigged.", "alleged", CueClass.CLAIMS, False),
        ("Brandt confirmed that the bridge was safe.", "confirmed", CueClass.CONFIRMS, False),
        ("Brandt acknowledged that the bridge was unsafe.", "acknowledged", CueClass.CONFIRMS, False),
        ("Brandt denies that the bridge is unsafe.", "denies", CueClass.DENIES, False),
        ("Brandt rejected the accusations as baseless.", "rejected", CueClass.DENIES, False),
        ("Brandt dismissed the report as a lie.", "dismissed", CueClass.DENIES, False),
        ("Brandt accused the rebels of murder.", "accused", CueClass.ACCUSES, False),
        ("Brandt warned that the dam could break.", "warned", CueClass.WARNS, False),
        ("Brandt promised to repair the dam.", "promised", CueClass.PROMISES, False),
        ("Brandt vowed to repair the dam.", "vowed", CueClass.PROMISES, False),
        ("The ministry did not deny that missiles were sent.", "deny", CueClass.DENIES, True),
        ("The ministry has not denied that missiles were sent.", "denied", CueClass.DENIES, True),
        ("The ministry didn’t deny that missiles were sent.", "deny", CueClass.DENIES, True),
        ("The minister failed to deny that missiles were sent.", "deny", CueClass.DENIES, True),
        ("Ostravia has yet to confirm that its troops left.", "confirm", CueClass.CONFIRMS, True),
        ("Ostravia has not confirmed that its troops left.", "confirmed", CueClass.CONFIRMS, True),
        ("Ostravia never said that its troops had left.", "said", CueClass.SAYS, True),
    ],
)  # fmt: skip
def test_the_cue_has_a_class_and_may_be_negated(text: str, cue: str, kind: CueClass, negated: bool) -> None:
    found = only(text, cue)
    assert (found.cue_class, found.negated) == (kind, negated)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A spokesman for the ministry declined to confirm the report.", CueClass.CONFIRMS),
        ("Brandt refused to say whether the bridge was safe.", CueClass.SAYS),
    ],
)
def test_an_act_of_speech_refused_is_negated(text: str, kind: CueClass) -> None:
    assert (kind, True) in {(each.cue_class, each.negated) for each in find_attributions(text)}


@pytest.mark.parametrize(
    ("text", "cue", "speaker"),
    [
        ("Oskar Brandt spoke on Monday. He said the cracks were harmless.", "said", "Oskar Brandt"),
        ("Lena Quist, who heads the office, tweeted that the boat was safe.", "tweeted", "Lena Quist"),
        ("Transport minister Oskar Brandt came. The minister promised repairs.", "promised", "Oskar Brandt"),
        ("Lena Quist came on Monday. Later Quist denied that the boat was lost.", "denied", "Lena Quist"),
        ("Lena Quist, a spokeswoman for the harbour office, said the line would reopen.", "said", "Lena Quist"),
        ("He said the cracks were harmless.", "said", None),
        ("The minister said the cracks were harmless.", "said", None),
        ("Officials said the cracks were harmless.", "said", None),
        ("A spokesman for the Sea Ministry said talks had failed.", "said", "A spokesman for the Sea Ministry"),
        ("Ostravia denied that it had sent missiles.", "denied", "Ostravia"),
    ],
)  # fmt: skip
def test_the_speaker_is_the_last_fitting_name_of_the_same_text_or_nobody(
    text: str, cue: str, speaker: str | None
) -> None:
    assert only(text, cue).speaker == speaker


def test_a_quotation_goes_on_in_the_next_sentence() -> None:
    text = "“We never sold the rockets,” Brandt told reporters. “It is a lie.”"
    found = only(text, "told")
    assert [text[span.start : span.end] for span in found.content] == ["“We never sold the rockets,”", "“It is a lie.”"]


def test_each_of_several_speakers_has_his_own_words() -> None:
    text = "Oskar Brandt said the bridge was safe. Lena Quist denied that the bridge was safe."
    found = {each.speaker: each.cue_class for each in find_attributions(text)}
    assert found == {"Oskar Brandt": CueClass.SAYS, "Lena Quist": CueClass.DENIES}


def test_the_date_of_the_telling_is_no_content() -> None:
    text = "Brigadier General Oskar Brandt denied on 9 May 2024 that the army had crossed the river."
    found = only(text, "denied")
    assert [text[span.start : span.end] for span in found.content] == ["that the army had crossed the river"]
    assert part(text, found.source) == found.speaker == "Brigadier General Oskar Brandt"


def test_a_plain_report_has_no_attribution() -> None:
    assert find_attributions("The ferry sailed at noon. It carried ninety passengers and four cars.") == []


def test_other_languages_than_english_are_left_alone() -> None:
    text = "Oskar Brandt denied that the bridge is unsafe."
    assert find_attributions(text, "de") == []
    assert find_attributions(text, "en-GB") == find_attributions(text, None) != []


@pytest.mark.parametrize("text", ["", " \n ", ".", '"', "denied", "said said said", "“", "\x00", "’s"])
def test_texts_that_say_nothing_break_nothing(text: str) -> None:
    for found in find_attributions(text):
        assert_sound(text, found)


@given(HOSTILE | WORDS)
def test_offsets_lie_in_the_text_and_spans_are_apart(text: str) -> None:
    found = find_attributions(text)
    assert [each.cue.start for each in found] == sorted({each.cue.start for each in found})
    for each in found:
        assert_sound(text, each)


def assert_sound(text: str, found: AttributionSpans) -> None:
    assert found.content
    spans = sorted((found.cue, *found.content, *([found.source] if found.source else [])), key=lambda span: span.start)
    assert list(found.content) == sorted(found.content, key=lambda span: span.start)
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
    for before, after in pairwise(spans):
        assert before.end <= after.start


@pytest.mark.parametrize(
    "unit",
    [
        "Brandt said that the bridge was safe. ",
        "a.",
        "A.",
        '"',
        "''",
        "“",
        "he said ",
        "Quist of ",
        "1,",
        "'s",
        "’",
        "\n",
        "it was ",
        "denied ",
    ],
)
def test_work_grows_with_length_and_no_faster(unit: str) -> None:
    def calls(length: int) -> int:
        text = (unit * (length // len(unit) + 1))[:length]
        return count_calls(lambda: find_attributions(text))

    # Four times the text; quadratic work would take sixteen times as many.
    assert calls(4_000) <= 4.1 * calls(1_000) + 100
    with processor_limit(20.0):
        find_attributions(unit * (10_000 // len(unit)))
