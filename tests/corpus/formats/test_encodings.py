"""Older encodings and compressed bodies, as files, emails and archives state them."""

import gzip
import re
import zlib

import brotli
import pytest
import zstandard

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.formats.http_body import decompress_body
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import SENTENCE, WORDS, warc, web_page

TEXTS = {
    "koi8-ru": ("koi8-u", "Міський голова в понеділок спростував, що їхній млин закриють, і пообіцяв звіт."),
    "gb2312": ("gb18030", "发言人朱镕周一否认磨坊会关闭，并说李喆的报告将在下周公布，居民可以放心。"),
    "x-sjis": ("cp932", "町長は月曜日、水車小屋①を閉める計画を否定し、髙橋氏の報告は来週出ると述べた。"),
    "euc-jp": ("euc-jp", "町長は月曜日、水車小屋を閉める計画を否定し、報告は来週出ると述べた。"),
    "ks_c_5601-1987": (
        "cp949",
        "시장은 월요일 방앗간이 문을 닫는다는 보도를 부인했고 똠방각하 보고서가 나온다고 말했다.",
    ),
    "tis-620": ("cp874", "นายกเทศมนตรีปฏิเสธเมื่อวันจันทร์ว่าโรงสีจะปิด และกล่าวว่ารายงานจะออกในสัปดาห์หน้า"),
    "iso-8859-8-i": ("cp1255", "ראש העיר הכחיש ביום שני כי הטחנה תיסגר ואמר כי הדוח יפורסם בשבוע הבא"),
    "latin1": ("cp1252", "Le maire a nié lundi que le moulin fermerait — « c’est faux », a-t-il dit à 12 €."),
    "iso-8859-9": (
        "cp1254",
        "Başkan pazartesi günü değirmenin kapanacağı haberini yalanladı ve raporun çıkacağını söyledi.",
    ),
    "windows-1257": (
        "cp1257",
        "Meras pirmadienį paneigė, kad malūnas bus uždarytas, ir pažadėjo ataskaitą kitą savaitę.",
    ),
    "big5": ("big5hkscs", "市長星期一否認磨坊將會關閉，並表示碁盤街的報告將於下週公佈，居民可以放心。"),
}


def page(text: str, head: str = "") -> str:
    paragraphs = "".join(f"<p>{text} {text} {number}</p>" for number in range(3))
    return f"<html><head><title>x</title>{head}</head><body><article><h1>x</h1>{paragraphs}</article></body></html>"


@pytest.mark.parametrize("label", TEXTS)
def test_a_pages_label_is_read_as_browsers_read_it(write: Write, label: str) -> None:
    encoding, text = TEXTS[label]
    for meta in (
        f"<meta charset='{label}'>",
        f'<meta http-equiv="Content-Type" content="text/html; charset = {label}">',
    ):
        assert text in one(write("a.html", page(text, meta).encode(encoding))).body


@pytest.mark.parametrize("label", TEXTS)
def test_an_archive_states_the_charset_in_the_responses_header(write: Write, label: str) -> None:
    encoding, text = TEXTS[label]
    kind = f'text/html; charset="{label}"'
    [draft] = read(write("a.warc.gz", warc([("https://mill.example/a", "200 OK", kind, page(text).encode(encoding))])))
    assert isinstance(draft, Draft)
    assert text in draft.body


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("ISO-2022-JP", "iso2022_jp_ext", "町長は月曜日、ｱの水車小屋を閉める計画を否定し、報告は来週出ると述べた。"),
        ("iso-2022-kr", "iso2022_kr", "시장은 월요일 방앗간이 문을 닫는다는 보도를 부인했고 보고서가 나온다고 말했다."),
        ("hz-gb-2312", "hz", "市长周一否认磨坊会关闭，并说报告将在下周公布，居民可以放心。"),
        ("utf-7", "utf-7", "Der Bürgermeister bestritt am Montag, dass die Mühle schließt."),
    ],
)
def test_a_letter_with_escape_codes_is_read_as_it_states(write: Write, label: str, encoding: str, text: str) -> None:
    head = f"From: Marn News <n@marn.example>\nContent-Type: text/plain; charset={label}\n\n"
    assert one(write("a.eml", head.encode() + f"{text}\n{text}\n".encode(encoding))).body.count(text) == 2


def test_text_with_japanese_escape_codes_needs_no_label(write: Write) -> None:
    text = "町長は月曜日、水車小屋を閉める計画を否定し、報告は来週出ると述べた。"
    assert text in one(write("a.txt", text.encode("iso2022_jp"))).body


def test_a_label_that_is_wrong_does_no_harm(write: Write) -> None:
    text = "Le maire a nié lundi que le moulin fermerait, et a promis un rapport ~{ la semaine suivante. 1+1"
    for label in ("gb2312", "hz-gb-2312", "utf-16", "iso-2022-jp", "latin1", "x-user-defined", "rot13"):
        assert text in one(write("a.html", page(text, f"<meta charset={label}>").encode())).body
    cut = page(text, "<meta charset=latin1>").encode()[:-30] + b"\xc3"
    assert text in one(write("a.html", cut)).body


PACKED = {
    "br": brotli.compress, "zstd": zstandard.compress, "gzip": gzip.compress, "x-gzip": gzip.compress,
    "deflate": zlib.compress, "gzip, br": lambda raw: brotli.compress(gzip.compress(raw)), "identity": bytes,
}  # fmt: skip


@pytest.mark.parametrize("encoding", PACKED)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_compressed_pages_of_an_archive_are_read(write: Write, encoding: str, is_chunked: bool) -> None:
    body = PACKED[encoding](web_page("Envoys meet"))
    head = f"text/html\r\nContent-Encoding: {encoding}"
    if is_chunked:
        head += "\r\nTransfer-Encoding: chunked"
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:99], body[99:])) + b"0\r\n\r\n"
    [draft] = read(write("a.warc.gz", warc([("https://mill.example/a", "200 OK", head, body)])))
    assert isinstance(draft, Draft), draft
    assert SENTENCE in draft.body


def as_iso_2022_cn(text: str) -> bytes:
    """The text as RFC 1922 writes it; Python can't."""
    pieces = [
        piece.encode() if piece.isascii() else b"\x0e%b\x0f" % bytes(byte & 0x7F for byte in piece.encode("gb2312"))
        for piece in re.split("([\x00-\x7f]+)", text)
    ]
    return b"\x1b$)A" + b"".join(pieces)


@pytest.mark.parametrize("label", ["ISO-2022-CN", "iso-2022-cn-ext", ""])
def test_a_letter_with_chinese_escape_codes_is_read(write: Write, label: str) -> None:
    text = "市长周一否认磨坊会关闭，OK并说报告将在下周公布，居民可以放心。"
    kind = f"Content-Type: text/plain{f'; charset={label}' if label else ''}"
    raw = f"From: Marn News <n@marn.example>\n{kind}\n\n".encode() + as_iso_2022_cn(text) + b"\n"
    assert one(write("a.eml", raw)).body.strip() == text


def test_what_chinese_escape_codes_leave_unreadable_is_marked_and_a_wrong_label_does_no_harm(write: Write) -> None:
    text = "Le maire a nié lundi que le moulin fermerait, et a promis un rapport."
    assert text in one(write("a.html", page(text, "<meta charset=iso-2022-cn>").encode("cp1252"))).body
    head = b"From: n@marn.example\nContent-Type: text/plain; charset=iso-2022-cn\n\n"
    read_text = one(write("a.eml", head + b"The word \x1b$)G\x0eGk\x0f is here.\n")).body
    assert read_text.strip() == "The word \ufffd is here."


def frames(*parts: bytes, dictionary: zstandard.ZstdCompressionDict | None = None) -> bytes:
    compressor = zstandard.ZstdCompressor(dict_data=dictionary)
    return b"".join(map(compressor.compress, parts))


def test_web_archives_in_zstandard_are_read_frame_by_frame(write: Write) -> None:
    records = [
        warc([(f"https://mill.example/{n}", "200 OK", "text/html", web_page(f"Envoys {n}"))], packed=False)
        for n in range(3)
    ]
    assert len(read(write("a.warc.zst", frames(*records)))) == 3
    dictionary = zstandard.ZstdCompressionDict(records[0], dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    for content in (dictionary.as_bytes(), zstandard.compress(dictionary.as_bytes())):
        head = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
        found = read(write("b.warc.zst", head + frames(*records, dictionary=dictionary)))
        assert [isinstance(each, Draft) for each in found] == [True] * 3, found


def test_a_damaged_or_hostile_archive_in_zstandard_is_refused(write: Write) -> None:
    assert read(write("a.warc.zst", b"\x28\xb5\x2f\xfdgarbage" * 9)) == ["The web archive is damaged or truncated."]
    [reason] = read(write("b.warc.zst", b"\x5d\x2a\x4d\x18" + (9).to_bytes(4, "little") + b"dictionary"))
    assert isinstance(reason, str)
    bomb = warc([("https://mill.example/a", "200 OK", "text/html", bytes(40_000_000))], packed=False)
    # The page, then the file.
    assert read(write("c.warc.zst", zstandard.compress(bomb))) == [
        "Its size is more than 1.0 MB; the limit is 1.0 MB.",
        "The file unpacks to more than 200 times its size, too much for text.",
    ]


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "deflate"])
def test_a_body_that_is_decompressed_already_is_read(encoding: str) -> None:
    assert decompress_body(web_page("Envoys meet"), encoding, 10_000) == web_page("Envoys meet")


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "deflate"])
def test_a_damaged_body_is_refused_and_the_others_are_read(write: Write, encoding: str) -> None:
    damaged = PACKED[encoding](WORDS.encode() * 9)[:-4]
    pages = [(f"https://mill.example/{i}", "200 OK", f"text/html\r\nContent-Encoding: {encoding}", body)
             for i, body in enumerate((damaged, PACKED[encoding](web_page("Envoys meet"))))]  # fmt: skip
    reason, draft = read(write("a.warc.gz", warc(pages)))
    assert reason == "The page is damaged: it can't be decompressed."
    assert isinstance(draft, Draft)


def test_an_unknown_compression_is_named(write: Write) -> None:
    [reason] = read(
        write("a.warc.gz", warc([("https://mill.example/a", "200 OK", "text/html\r\nContent-Encoding: lzma", b"x")]))
    )
    assert reason == "The page is in a compression that I don't know (lzma)."


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "deflate"])
def test_a_bomb_is_unpacked_no_further_than_the_limit(encoding: str) -> None:
    assert len(decompress_body(PACKED[encoding](bytes(20_000_000)), encoding, 1_000)) == 1_001


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_body_of_very_many_parts_is_refused(encoding: str) -> None:
    with pytest.raises(UnreadableSource, match="damaged"):
        decompress_body(PACKED[encoding](b"") * 1_000, encoding, 10_000)
    with pytest.raises(UnreadableSource, match="too many times"):
        decompress_body(b"", "gzip, " * 4, 10_000)


def wide_frame(content: bytes) -> bytes:
    """A frame that asks its reader for 16 MB of memory, twice what archives of the web may ask for."""
    parameters = zstandard.ZstdCompressionParameters(window_log=24)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return compressor.compress(content) + compressor.flush()


def test_a_frame_that_asks_for_too_much_memory_is_refused(write: Write) -> None:
    records = warc([("https://marn.example/a", "200 OK", "text/html", web_page("Envoys"))], packed=False)
    [reason] = read(write("a.warc.zst", wide_frame(records)))
    assert "damaged" in str(reason)
    with pytest.raises(UnreadableSource, match="can't be decompressed"):
        decompress_body(wide_frame(b"x" * 1_000), "zstd", 10_000)
