"""Text out of bytes in whatever encoding, and what is no text."""

import codecs
import struct

import pytest

from corpus.charset import decode, decode_stated
from corpus.errors import UnreadableSource


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Envoys met.", "utf-8-sig"),
        ("Envoys met – “again”.", "utf-16"),
        ("Envoys met – “again”.", "utf-16-le"),
        ("Envoys met.", "utf-32"),
        ("The £5m deal was off", "latin-1"),
        ("Le café était fermé à Noël, a déclaré le ministre français.", "latin-1"),
        ("Министр заявил, что переговоры продолжатся в среду.", "cp1251"),
    ],
)
def test_text_in_older_encodings_is_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "iso2022_jp", "gb18030", "hz", "utf-16-le"])
def test_a_long_text_is_the_same_as_a_short_one(encoding: str) -> None:
    line = "Envoys met: 大臣会見中文。\n" if encoding != "hz" else "Envoys met: 大中文。\n"
    assert decode_stated((line * 30_000).encode(encoding), encoding) == line * 30_000


def test_a_line_without_end_is_not_kept_until_it_ends() -> None:
    decoder = codecs.getincrementaldecoder("iso2022_cn")()
    assert decoder.decode(b"\x1b$)A\x0e!!\x0f") == ""
    assert decoder.decode(b"a" * 1_000_000).endswith("aaa")


def test_damage_costs_only_the_damaged_characters() -> None:
    assert decode("été ".encode() * 50 + b"\xff end\0") == "été " * 50 + "\ufffd end"


NEWS = {
    "pl": "Burmistrz zaprzeczył w poniedziałek, że młyn zostanie zamknięty, i dodał, że źródła pogłosek są błędne.",
    "cs": "Starosta v pondělí popřel, že mlýn bude ještě letos uzavřen, a řekl, že žádné rozhodnutí nepadlo.",
    "sk": "Primátor v pondelok poprel, že mlyn bude ešte tento rok zatvorený, a ľudia môžu byť pokojní.",
    "hr": "Gradonačelnik je u ponedjeljak opovrgnuo izvješća da će mlin biti zatvoren već ove godine.",
    "de": "Der Bürgermeister bestritt, dass die Mühle schließt; größere Änderungen seien überhaupt nicht nötig.",
    "fr": "Le maire a démenti à Zürich que le moulin serait fermé dès l'été, a déclaré la porte-parole.",
    "tr": "Belediye başkanı değirmenin bu yıl kapatılacağı yönündeki haberleri pazartesi günü yalanladı.",
    "ru": "Мэр в понедельник опроверг сообщения о том, что мельница будет закрыта уже в этом году.",
    "uk": "Міський голова спростував повідомлення про те, що млин буде закрито вже цього року.",
    "el": "Ο δήμαρχος διέψευσε τη Δευτέρα τις πληροφορίες ότι ο μύλος θα κλείσει μέσα στο έτος.",
    "ar": "نفى رئيس البلدية يوم الاثنين الأنباء التي تفيد بأن الطاحونة ستغلق هذا العام.",
    "th": "นายกเทศมนตรีปฏิเสธเมื่อวันจันทร์ว่าโรงสีจะปิดในปีนี้",
    "zh": "市长周一否认了有关磨坊今年将关闭的报道。女发言人对记者说，这些传闻的来源不可靠，而且尚未作出任何决定。",
    "ja": "市長は月曜日、水車小屋が年内に閉鎖されるとの報道を否定した。噂の出所は信頼できないと述べた。",
    "ko": "시장은 월요일 방앗간이 올해 안에 문을 닫는다는 보도를 부인했다. 아직 결정은 없다고 말했다.",
}
ENCODINGS = {
    "pl": "cp1250 iso8859_2 cp852", "cs": "cp1250 iso8859_2 cp852", "sk": "cp1250 iso8859_2", "hr": "cp1250 iso8859_2",
    "de": "cp1252 mac_roman cp850", "fr": "cp1252 mac_roman cp850", "tr": "cp1254",
    "ru": "cp1251 koi8_r cp866 iso8859_5 mac_cyrillic utf-16-le utf-16-be", "uk": "cp1251 koi8_u utf-16-le utf-16-be",
    "el": "cp1253 utf-16-le", "ar": "cp1256 iso8859_6 utf-16-be", "th": "cp874 utf-16-le",
    "zh": "gb18030 utf-16-le utf-16-be", "ja": "cp932 euc_jp utf-16-le utf-16-be", "ko": "cp949 utf-16-le",
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "encoding"), [(key, name) for key, names in ENCODINGS.items() for name in names.split()]
)
def test_a_sentence_tells_its_encoding(language: str, encoding: str) -> None:
    assert decode(NEWS[language].encode(encoding)) == NEWS[language]


def test_a_guess_from_too_little_text_is_warned_of() -> None:
    for text, encoding, is_warned in (("Łódź żółć", "iso8859_2", True), (NEWS["pl"] * 3, "iso8859_2", False)):
        warnings: list[str] = []
        decode(text.encode(encoding), warnings)
        assert [each for each in warnings if "ISO-8859-2, which is a guess" in each] == warnings
        assert bool(warnings) == is_warned


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack("<999h", *(number % 601 - 300 for number in range(0, 99_900, 100))),
        struct.pack("<500I", *range(500)),
        b"%PDF-1.7 text",
        b"\x89PNG\r\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\x7fELF",
        b"SQLite format 3\0",
        bytes(range(256)) * 9,
    ],
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableSource, match="not text"):
        decode(raw)
