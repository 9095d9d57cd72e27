"""Makes small documents of every kind that readers read, of made-up news."""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import zstandard
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

SENTENCE = "Envoys of the two states met in Velden on Monday, and officials said that they would meet again."
WORDS = " ".join([SENTENCE] * 5)


def pdf(pages: Sequence[Sequence[str]], info: Mapping[str, str] | None = None) -> bytes:
    """A PDF whose pages have the given lines."""
    shown = ["\n".join(f"({line}) Tj T*" for line in lines) for lines in pages]
    return drawn_pdf([f"BT /F1 10 Tf 12 TL 50 740 Td\n{lines}\nET" for lines in shown], info)


def drawn_pdf(streams: Sequence[str], info: Mapping[str, str] | None = None) -> bytes:
    """A PDF with a page of 612 x 792 points for each content stream, whose font is F1."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for drawn in streams:
        page = writer.add_blank_page(width=612, height=792)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(drawn.encode("latin-1"))
        page[NameObject("/Contents")] = stream
    if info:
        writer.add_metadata(dict(info))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(members: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/" xmlns:cp="urn:cp"'


def docx(body: str, properties: str = "") -> bytes:
    """A Word document of WordprocessingML paragraphs."""
    return archive(
        {
            "word/document.xml": f'<?xml version="1.0"?><w:document {WORD}><w:body>{body}</w:body></w:document>',
            "docProps/core.xml": f"<cp:coreProperties {CORE}>{properties}</cp:coreProperties>",
        }
    )


OPEN_DOCUMENT = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "meta": "meta",
        "svg": "svg-compatible", "manifest": "manifest",
    }.items()
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def odt(body: str, properties: str = "", styles: str = "", **parts: str) -> bytes:
    """An OpenDocument text of paragraphs, with its properties and automatic styles, and other parts."""
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {OPEN_DOCUMENT}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "meta.xml": f"<office:document-meta {OPEN_DOCUMENT}><office:meta>{properties}</office:meta>"
            "</office:document-meta>",
            **parts,
        }
    )


def epub(chapters: Mapping[str, str], metadata: str = "") -> bytes:
    """A book whose chapters are XHTML."""
    items = "".join(f'<item id="c{i}" href="{n}" media-type="application/xhtml+xml"/>' for i, n in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
            "OPS/book.opf": f'<package xmlns:dc="urn:dc"><metadata>{metadata}</metadata>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{f"OPS/{name}": content for name, content in chapters.items()},
        }
    )


def web_page(title: str) -> bytes:
    """A page with an article."""
    paragraphs = "".join(f"<p>{SENTENCE} This was round {i} of the talks, which began in spring.</p>" for i in range(6))
    body = f"<nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{paragraphs}</article>"
    return f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>".encode()


def warc(pages: Sequence[tuple[str, str, str, bytes]], *, packed: bool = True) -> bytes:
    """A web archive of (address, status, content type, body)."""
    records = []
    for url, status, kind, body in pages:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-09-09T08:00:00Z\r\n"
        head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        records.append(head.encode() + answer + b"\r\n\r\n")
    return b"".join(map(gzip.compress, records) if packed else records)


def dump(*pages: tuple[str, str], namespace: int = 0, more: str = "") -> bytes:
    """A dump of a wiki, of (title, wikitext)."""
    made = "".join(
        f"<page><title>{title}</title><ns>{namespace}</ns><id>{i}</id>{more}<revision><id>9{i}</id>"
        f"<text>old</text></revision><revision><id>99{i}</id><text>{text}</text></revision></page>"
        for i, (title, text) in enumerate(pages, start=1)
    )
    site = "<siteinfo><sitename>Wikinews</sitename><base>https://en.wikinews.example/wiki/Main_Page</base></siteinfo>"
    return f'<mediawiki xmlns="urn:x" version="0.11" xml:lang="en">{site}{made}</mediawiki>'.encode()


def letter(plain: str = WORDS, markup: str | None = None, **headers: str) -> bytes:
    """A newsletter."""
    message = EmailMessage()
    given = {
        "From": "Harbour Herald <news@herald.example>",
        "Subject": "Envoys meet – again",
        "Date": "Mon, 09 Sep 2024 08:00:00 +0000",
        "Message-ID": "<1@herald.example>",
    }
    for name, value in {**given, **headers}.items():
        message[name] = value
    message.set_content(plain)
    if markup:
        message.add_alternative(markup, subtype="html")
    return bytes(message)


SAMPLES: dict[str, bytes] = {
    "a.pdf": pdf([[SENTENCE] * 4]),
    "a.docx": docx(f"<w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p>"),
    "a.odt": odt(f"<text:p>{SENTENCE}</text:p>"),
    "a.fodt": (
        f"<office:document {OPEN_DOCUMENT}><office:body><office:text><text:p>{SENTENCE}</text:p></office:text>"
        "</office:body></office:document>"
    ).encode(),
    "a.epub": epub({"1.xhtml": f"<html><body><h1>One</h1><p>{WORDS}</p></body></html>"}),
    "a.warc": warc([("https://herald.example/a", "200 OK", "text/html", web_page("Envoys meet"))], packed=False),
    "a.warc.gz": warc([("https://herald.example/a", "200 OK", "text/html", web_page("Envoys meet"))]),
    "a.warc.zst": zstandard.compress(
        warc([("https://herald.example/a", "200 OK", "text/html", web_page("Envoys meet"))], packed=False)
    ),
    "a.wacz": archive(
        {"archive/a.warc.gz": warc([("https://herald.example/a", "200 OK", "text/html", web_page("Envoys meet"))])}
    ),
    "a.xml": dump(("Envoys meet", SENTENCE)),
    "a.xml.gz": gzip.compress(dump(("Envoys meet", SENTENCE))),
    "a.json": json.dumps({"articles": [{"title": "Envoys meet", "content": SENTENCE}]}).encode(),
    "a.mhtml": (
        b"Snapshot-Content-Location: https://herald.example/a\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
        + web_page("Envoys meet")
    ),
    "a.csv": f'title,body\nEnvoys meet,"{SENTENCE}"\n'.encode(),
    "a.tsv": f"title\tbody\nEnvoys meet\t{SENTENCE}\n".encode(),
    "a.eml": letter(),
    "a.mbox": b"From jane@herald.example Mon Sep  9 08:00:00 2024\n" + letter() + b"\n",
    "a.html": web_page("Envoys meet"),
    "a.md": f"---\ntitle: Envoys meet\n---\n{SENTENCE}".encode(),
    "a.txt": SENTENCE.encode(),
    "a.jsonl": f'{{"body": "{SENTENCE}"}}\n'.encode(),
    "a.jsonl.gz": gzip.compress(f'{{"body": "{SENTENCE}"}}\n'.encode()),
}
