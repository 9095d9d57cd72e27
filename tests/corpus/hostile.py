"""Hostile files of every kind, and a process that takes them in one by one and tells how that went."""

import faulthandler
import gzip
import io
import json
import resource
import signal
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from corpus.database import open_database
from corpus.ingest import IngestOptions, ingest_paths
from tests.documents import archive, docx, dump, epub, letter, odt, pdf, warc, web_page

MB = 1 << 20
# Seconds of processor time that a file may take, twice what one needs that shares a core.
MAX_PROCESSOR_S = 10
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


def _pdf_of(objects: list[bytes], trailer: bytes = b"<< /Root 1 0 R >>") -> bytes:
    parts = [b"%PDF-1.7\n"] + [b"%d 0 obj\n%s\nendobj\n" % (i, each) for i, each in enumerate(objects, start=1)]
    return b"".join(parts) + b"trailer\n" + trailer + b"\nstartxref\n0\n%%EOF\n"


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def _one_page(content: bytes, more: bytes = b"") -> bytes:
    return _pdf_of([
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>", _stream(content, more),
    ])  # fmt: skip


def pdfs() -> Iterator[tuple[str, bytes]]:
    """Many pages, broken tables, loops, bombs, slow pages, passwords."""
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 3_003))
    yield "pages", _pdf_of([catalog, b"<< /Type /Pages /Kids [%s] /Count 3000 >>" % kids, *[page] * 3_000])
    yield "pages-lie", _pdf_of([catalog, b"<< /Type /Pages /Kids [%s] /Count 1 >>" % kids, *[page] * 3_000])
    yield "pages-count", _pdf_of([catalog, b"<< /Type /Pages /Kids [3 0 R] /Count 999999999 >>", page])
    sound = pdf([["One line."]])
    yield "xref", sound.replace(b"startxref\n", b"startxref\n99")[: sound.rindex(b"xref") - 200]
    yield "no-trailer", b"%PDF-1.4\n" + b"x" * 100_000
    yield "loop", _pdf_of([catalog, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])
    yield "parent-loop", _pdf_of([b"1 0 R"])
    bomb = zlib.compress(b"(" + b"A" * 100 * MB, 1)
    yield "bomb", _one_page(bomb, b"/Filter /FlateDecode")
    yield (
        "slow",
        _one_page(zlib.compress(b"BT " + b"[(a) 1 (b) 2] TJ 1 0 0 1 0 0 cm " * 300_000, 1), b"/Filter /FlateDecode"),
    )
    yield "deep", _one_page(b"[" * 200_000)
    yield "deep-object", _pdf_of([b"<< /Type /Catalog /Pages " + b"[" * 100_000])
    yield "objects", b"%PDF-1.4\n" + b"1 0 obj\n<<>>\nendobj\n" * 100_000
    yield "junk", b"%PDF-1.7\n" + bytes(range(256)) * 4_000


def archives() -> Iterator[tuple[str, bytes]]:
    """Bombs, lies, names that lead outside, unusual packings; as documents, books and web archives."""
    zeros = b"\0" * (24 * MB)
    parts = ("word/document.xml", "META-INF/container.xml", "archive/a.warc", "content.xml")
    bomb = archive(dict.fromkeys(parts, zeros))
    for suffix in ("docx", "epub", "wacz", "odt"):
        yield f"bomb.{suffix}", bomb
        yield f"traversal.{suffix}", archive({"../../etc/passwd": "x", "word/document.xml": "<a/>"})
        yield f"absolute.{suffix}", archive({"/etc/passwd": "x"})
        yield f"cut.{suffix}", bomb[:5_000]
        yield f"no-zip.{suffix}", b"PK\x03\x04" + b"x" * 1000
        yield f"lzma.{suffix}", archive(dict.fromkeys(parts, "x"), zipfile.ZIP_LZMA)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as packed:
        for number in range(10_100):
            packed.writestr(str(number), "")
    yield "members.docx", many.getvalue()
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, 0xFFFFFFF0, 0, 0)
    yield "list-lie.docx", b"PK\x03\x04" + end
    yield "nested.wacz", archive({"archive/a.warc.gz": gzip.compress(gzip.compress(zeros, 9), 9)})


def markup() -> Iterator[tuple[str, bytes]]:
    """Entities, depth and numbers of elements, in documents, books, dumps and pages."""
    yield "entities.docx", archive({"word/document.xml": f"{ENTITIES}<a>&b;</a>"})
    yield "outside.docx", archive({"word/document.xml": f"{OUTSIDE}<a>&a;</a>"})
    yield "entities.odt", archive({"content.xml": f"{ENTITIES}<a>&b;</a>"})
    yield "outside.odt", archive({"content.xml": f"{OUTSIDE}<a>&a;</a>"})
    yield "manifest.odt", odt("<text:p>x</text:p>", **{"META-INF/manifest.xml": f"{ENTITIES}<a>&b;</a>"})
    yield "deep.odt", odt("<text:p>" * 500_000)
    yield "elements.odt", odt("<text:p/>" * 3_000_000)
    yield "deep.docx", docx("<w:p>" * 500_000)
    yield "tag.docx", docx("<w:p " + " ".join(f'w:a{n}="b"' for n in range(900_000)) + "/>" + 9 * "<w:p>a</w:p>")
    yield "elements.docx", docx("<w:p/>" * 3_000_000)
    container = '<container><rootfiles><rootfile full-path="a"/></rootfiles></container>'
    yield "entities.epub", archive({"META-INF/container.xml": container, "a": f"{ENTITIES}<package>&b;</package>"})
    yield "spine.epub", epub({"1.xhtml": "<p>" * 300_000 + "word " * 100})
    yield "entities.xml", f"{ENTITIES}<mediawiki>&b;</mediawiki>".encode()
    yield "outside.xml", f"{OUTSIDE}<mediawiki>&a;</mediawiki>".encode()
    yield "deep.xml", b"<mediawiki>" + b"<a>" * 1_000_000
    yield "cut.xml", dump(("A", "x"))[:-200]
    yield "heading.xml", dump(("A", "== a" + " " * 3 * MB + "{{develop}}"))
    yield "brackets.xml", dump(("A", "{{a|[[b|{{develop}}" * 40_000))
    yield "bomb.xml.gz", gzip.compress(b"<mediawiki>" + b" " * 32 * MB, 6)
    yield "page.xml", dump(("A", "x" * 6 * MB))
    # A tag that never ends.
    letters = bytes(range(97, 123)) * 40
    yield "tag.xml.gz", gzip.compress(b"<mediawiki><a b='" + b"".join(letters[n % 26 :] for n in range(90_000)), 1)
    yield "bomb.jsonl.gz", gzip.compress(b"\n" * 40 * MB, 6)
    yield "line.jsonl.gz", gzip.compress(b'{"body": "' + b"a" * 32 * MB, 6)
    for name, text in {"deep": "<div>", "lists": "<li>a", "attributes": "<p a=1>", "tables": "<table><tr><td>"}.items():
        yield f"{name}.html", f"<html><body>{text * (4 * MB // len(text))}".encode()
    # What a page states, over which extraction goes with patterns that are not linear.
    opened = json.dumps({"@type": "NewsArticle", "headline": "Envoys meet", "articleBody": "<!--" * 200_000})
    names = json.dumps([{"@type": "WebSite", "name": "&lt;!--" * 100, "<!--" * 100: 1}] * 400)
    yield "comments.html", f'<script type="application/ld+json">{opened}</script><p>'.encode()
    yield "site-names.html", f'<script type="application/ld+json">{names}</script><p>'.encode()
    yield "scripts.html", ('<script type="application/ld+json">{' + "<!--" * 900 + "</script>").encode() * 250
    stated = '<meta name="author" content="%s"><script type="application/ld+json">{"author": "%s"%s</script>'
    for name, rest in {"names": ', "@type": "NewsArticle"}', "broken": ""}.items():
        yield f"{name}.html", f"<html><head>{stated % ('(' * 400_000, '(' * 400_000, rest)}</head><p>a".encode()
    yield "inline.html", b"<html><body><p>" + b"<b>a</b>" * 19_900
    yield "comment.html", b"<html><!--" + b"-" * 5 * MB


def streams() -> Iterator[tuple[str, bytes]]:
    """Web archives, tables and letters without end, depth or sense."""
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: "
    yield "head.warc", b"WARC/1.0\r\n" + b"A" * 20 * MB
    yield "length.warc", head + b"-5\r\n\r\n" + b"x" * 1000
    yield "long.warc", head + b"99999999999999\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n" + b"a" * MB
    packed = gzip.compress(b"a" * 32 * MB, 6)
    yield (
        "page.warc",
        warc([("https://a.example/", "200 OK", "text/html\r\nContent-Encoding: gzip", packed)], packed=False),
    )
    yield "bomb.warc.gz", gzip.compress(head + b"999999999\r\n\r\n" + b"\0" * 32 * MB, 6)
    yield "junk.warc.gz", gzip.compress(bytes(range(256)) * 1000)
    yield "rows.csv", b"title,body\n" + b",\n" * 9 * MB
    yield "quote.csv", b'title,body\na,"' + b"x\n" * 12 * MB
    yield "cells.csv", b"title,body\n" + b"," * 600_000
    yield "columns.csv", b"body," * 2 * MB
    yield "line.csv", b"title,body\n" + b"x" * 25 * MB
    yield "binary.csv", bytes(range(256)) * 1000
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(3_000))
    yield "deep.eml", b"From: a@b.example\n" + parts
    yield "parts.eml", letter("x").replace(b"text/plain", b"multipart/mixed; boundary=b") + b"--b\n\nx\n" * 20_000
    yield "headers.eml", b"A: b\n" * 2_000_000
    yield "markup.eml", letter("x", "<td>" * 500_000)
    yield "letter.mbox", b"From a@b.example Mon Sep  9 08:00:00 2024\n" + b"x" * 25 * MB
    yield "from.mbox", b"\n\nFrom " + b"x" * 60_000 + b"\n\nFrom a " + b"x 2024" * 9_000
    yield "blank.mbox", b"From a@b.example Mon Sep  9 08:00:00 2024\nSubject: a\n\n" + b"\n" * 19 * MB
    yield "junk.mbox", b"x" * 25 * MB
    head = b"From: a@b.example\nSubject: a\nContent-Type: text/plain"
    yield "lines.txt", b"> a\n" * 5 * MB
    yield "lines.eml", head + b"\n\n" + b"a\n" * 3_000_000
    yield "reports.eml", b"Subject: a\nContent-Type: message/delivery-status\n\n" + b"A: b\n\n" * 900_000
    yield "quoted.eml", head + b'; a="' + b";" * 600_000 + b"\n\n"
    yield "parameters.eml", head + b';"' * 300_000 + b"\n\n"
    record = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    yield "records.warc.gz", gzip.compress(record * 1_000_000, 6)


def encodings() -> Iterator[tuple[str, bytes]]:
    """Escape codes without text, and text that is none."""
    yield "bad.txt", b"\x1b$B" + b"\x7f" * 15 * MB
    yield "letters.html", b"<meta charset=windows-1252><p>" + bytes(range(191, 128, -1)) * 70_000
    yield "shifts.txt", b"\x1b$)A" + b"\x0e\x0f" * 2 * MB


def files() -> Iterator[tuple[str, bytes]]:
    """Every hostile file: name and content."""
    yield from ((f"{name}.pdf", raw) for name, raw in pdfs())
    yield from archives()
    yield from markup()
    yield from streams()
    yield from encodings()
    # So that a process that dies is not taken for one that refused.
    yield "sound.html", web_page("Envoys meet")


def main(folder: Path) -> None:
    """Takes every file of a folder in, and prints for each: its name, sentences, MB at the peak, articles stored."""
    faulthandler.register(signal.SIGXCPU, chain=True)
    db = open_database(folder / "data")
    for path in sorted((folder / "files").iterdir()):
        _limit_processor_time()
        report = ingest_paths(db, [path], IngestOptions())
        # Not ru_maxrss, which a process takes over from the one that started it.
        peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
        told = [f"{each.reason} {each.hint}".strip() for each in report.rejected]
        line = [path.name, told, round(peak), report.articles]
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _limit_processor_time() -> None:
    """Has the system end this process, or one that it starts, where a file takes more; other load does not count."""
    used = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + MAX_PROCESSOR_S, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
