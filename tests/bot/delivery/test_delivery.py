"""How a brief leaves the bot: as e-mail by a command or a mail server, as a signed webhook, in an Atom file."""

import base64
import email
import hashlib
import hmac
import json
import os
import socketserver
import stat
import threading
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest

from bot.answering.story_facts import StoryFacts
from bot.delivery.errors import NotDelivered
from bot.delivery.feed_file import MAX_ENTRIES, add_entry
from bot.delivery.outgoing_mail import send_mail
from bot.delivery.signed_webhook import post_signed, signature
from bot.render.brief_documents import Edition, atom_entry, brief_mail
from bot.service.brief import Brief
from bot.service.story_news import StoryNews
from bot.settings import BadSettings
from tests.conftest import MakeSettings

HOSTILE = "Dam <script>breaks</script>\r\nBcc: evil@example.org \x00\ud7ff & “quoted”"
SECRET = "a secret of some length"
AT = "2026-11-30T07:00:00Z"


def edition(nonce: int = 1, title: str = HOSTILE) -> Edition:
    story = StoryFacts(7, title, 2, 2, 2, "2026-11-29", "2026-11-30")
    return Edition(
        3, nonce, AT, Brief("2026-11-29T07:00:00Z", AT, 2, 2, (), (StoryNews(story, 2, 2, None),), (), (), (), ())
    )


def parsed(raw: bytes) -> Message:
    return email.message_from_bytes(raw, policy=default)


@pytest.fixture
def mailer(tmp_path: Path) -> Path:
    """A command in place of sendmail, which keeps what it gets."""
    command = tmp_path / "send mail"
    command.write_text(f'#!/bin/sh\ncat > "{tmp_path}/got.eml"\necho "$@" > "{tmp_path}/with"\n', encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return command


def test_an_email_is_handed_to_the_command_and_hostile_titles_add_no_header(
    settings: MakeSettings, mailer: Path, tmp_path: Path
):
    made = settings(mail_from="attache@example.org", mail_command=f"'{mailer}' -t -i")
    send_mail(brief_mail(edition(), "attache@example.org", "reader@example.org"), made)
    got = parsed((tmp_path / "got.eml").read_bytes())
    assert (tmp_path / "with").read_text().split() == ["-t", "-i"]
    assert (got["To"], got["From"], got["Bcc"]) == ("reader@example.org", "attache@example.org", None)
    assert got["Subject"].startswith("Brief from 29 November 2026 to 30 November 2026: Dam")
    text, page = (part.get_content() for part in got.iter_parts())
    assert "== Top stories ==" in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    again = brief_mail(edition(), "attache@example.org", "reader@example.org")
    assert (
        again["Message-ID"] == got["Message-ID"] != brief_mail(edition(2), "a@b.example", "c@d.example")["Message-ID"]
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [("false", "exit code 1"), ("/nowhere/sendmail", "can't be run"), ("sh -c 'echo no room >&2; exit 75'", "no room")],
)
def test_a_command_that_fails_is_told(settings: MakeSettings, command: str, said: str):
    made = settings(mail_from="attache@example.org", mail_command=command)
    with pytest.raises(NotDelivered, match=said):
        send_mail(brief_mail(edition(), "attache@example.org", "reader@example.org"), made)


def test_without_a_setting_mail_says_which(settings: MakeSettings):
    message = brief_mail(edition(), "attache@example.org", "reader@example.org")
    with pytest.raises(BadSettings, match="No sender"):
        send_mail(message, settings())
    with pytest.raises(BadSettings, match="No way"):
        send_mail(message, settings(mail_from="attache@example.org"))
    for wrong in ({"smtp_url": "http://x.example"}, {"mail_from": "a@b\nBcc: x@y"}, {"webhook_secret": "short"}):
        with pytest.raises(BadSettings) as raised:
            settings(**wrong)
        assert "x.example" not in raised.value.message


class _Mailbox(socketserver.StreamRequestHandler):
    """A mail server without encryption (RFC 5321)."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.example\r\n")
        body: list[bytes] | None = None
        for line in self.rfile:
            if body is not None:
                if line == b".\r\n":
                    self.server.got.append(b"".join(body))  # type: ignore[attr-defined]
                    body = None
                    self.wfile.write(b"250 taken\r\n")
                else:
                    body.append(line)
            elif line.upper().startswith(b"DATA"):
                body = []
                self.wfile.write(b"354 go on\r\n")
            elif line.upper().startswith(b"RCPT") and b"nobody@" in line:
                self.wfile.write(b"550 unknown\r\n")
            elif line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def mail_server() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox) as server:
        server.got, server.sent = [], 0  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_an_email_goes_over_smtp_but_no_password_without_encryption(
    settings: MakeSettings, mail_server: socketserver.ThreadingTCPServer
):
    port = mail_server.server_address[1]
    plain = settings(mail_from="attache@example.org", smtp_url=f"smtp://127.0.0.1:{port}")
    send_mail(brief_mail(edition(), "attache@example.org", "reader@example.org"), plain)
    [got] = mail_server.got  # type: ignore[attr-defined]
    assert parsed(got)["To"] == "reader@example.org"
    with pytest.raises(NotDelivered, match="refused the recipient"):
        send_mail(brief_mail(edition(), "attache@example.org", "nobody@example.org"), plain)
    with_password = settings(mail_from="attache@example.org", smtp_url=f"smtp://me:s%40fe@127.0.0.1:{port}")
    with pytest.raises(NotDelivered, match="no encryption"):
        send_mail(brief_mail(edition(), "attache@example.org", "reader@example.org"), with_password)
    assert len(mail_server.got) == 1  # type: ignore[attr-defined]


class _Hook(BaseHTTPRequestHandler):
    """A webhook: /hook takes what is posted, all else refuses."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response({"/hook": 204, "/moved": 302, "/endless": 200}.get(self.path, 410))
        self.send_header("location", "/hook")
        self.end_headers()
        if self.path == "/endless":
            with suppress(OSError):
                while True:
                    self.server.sent += self.wfile.write(b"x" * 65_536)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def hook() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hook) as server:
        server.got, server.sent = [], 0  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_webhook_is_signed_as_the_standard_says_and_only_success_counts(
    settings: MakeSettings, hook: ThreadingHTTPServer
):
    # github.com/standard-webhooks/standard-webhooks: id, time and body with dots between them.
    expected = base64.b64encode(hmac.new(SECRET.encode(), b"key.17.{}", hashlib.sha256).digest()).decode()
    assert signature(SECRET, "key", 17, b"{}") == f"v1,{expected}"
    address = f"http://127.0.0.1:{hook.server_port}"
    made = settings(webhook_secret=SECRET, allowed_hosts=f"127.0.0.1:{hook.server_port}")
    post_signed(f"{address}/hook", "key", json.dumps({"a": "é"}).encode(), made)
    [(headers, body)] = hook.got  # type: ignore[attr-defined]
    headers = {name.lower(): value for name, value in headers.items()}
    assert json.loads(body) == {"a": "é"}
    assert headers["webhook-id"] == "key"
    assert headers["webhook-signature"] == signature(SECRET, "key", int(headers["webhook-timestamp"]), body)
    for path in ("/gone", "/moved"):
        with pytest.raises(NotDelivered, match="answered"):
            post_signed(f"{address}{path}", "key", b"{}", made)
    with pytest.raises(NotDelivered, match="not reached"):
        post_signed(f"{address}/hook", "key", b"{}", settings(webhook_secret=SECRET))
    with pytest.raises(BadSettings, match="No secret"):
        post_signed(f"{address}/hook", "key", b"{}", settings())
    assert len(hook.got) == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoded", ["=?utf-8?q?=0aBcc:x=40example.org?=", "=?utf-8?b?CkJjYzogeA==?=", "=?a?= =?b"])
def test_a_title_that_looks_encoded_adds_no_header(encoded: str):
    raw = brief_mail(edition(title=f"{encoded} " * 30), "attache@example.org", "reader@example.org").as_bytes()
    plain = brief_mail(edition(title="Talks"), "attache@example.org", "reader@example.org").as_bytes()
    assert parsed(raw).keys() == parsed(plain).keys()
    assert not any(line.lower().startswith(b"bcc") for line in raw.splitlines())


def test_a_webhook_that_answers_without_end_is_not_listened_to(settings: MakeSettings, hook: ThreadingHTTPServer):
    made = settings(webhook_secret=SECRET, allowed_hosts=f"127.0.0.1:{hook.server_port}")
    post_signed(f"http://127.0.0.1:{hook.server_port}/endless", "key", b"{}", made)
    # What the sockets hold.
    assert hook.sent < 50_000_000  # type: ignore[attr-defined]


def test_a_feed_file_grows_by_each_brief_once_and_stays_bounded(tmp_path: Path):
    path = tmp_path / "briefs.xml"
    for nonce in (1, 1, 2):
        add_entry(path, "feed", AT, atom_entry(edition(nonce)))
    feed = feedparser.parse(path.read_bytes())
    assert not feed.bozo
    assert [each.id for each in feed.entries] == [f"urn:uuid:{edition(nonce).key}" for nonce in (2, 1)]
    assert "<script>" not in feed.entries[0].content[0].value
    for nonce in range(3, 3 + MAX_ENTRIES):
        add_entry(path, "feed", AT, atom_entry(edition(nonce)))
    assert len(feedparser.parse(path.read_bytes()).entries) == MAX_ENTRIES


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"my notes",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><feed xmlns="http://www.w3.org/2005/Atom">&b;</feed>',
    ],
)
def test_a_file_that_is_no_feed_is_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "briefs.xml"
    path.write_bytes(content)
    with pytest.raises(NotDelivered, match="no Atom feed"):
        add_entry(path, "feed", AT, atom_entry(edition()))
    assert path.read_bytes() == content
    with pytest.raises(NotDelivered):
        add_entry(tmp_path / "no" / "such" / "folder.xml", "feed", AT, atom_entry(edition()))


@pytest.mark.parametrize(
    "content",
    [
        b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<entry>" * 50_000 + b"</entry>" * 50_000 + b"</feed>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + b"<b>" * 9_000 + b"</b>" * 9_000 + b"</entry></feed>",
        b"<?xml version='1.0' encoding='zzz'?><feed/>",
    ],
    ids=["deep", "deep entry", "encoding"],
)
def test_a_feed_that_no_brief_made_is_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "briefs.xml"
    path.write_bytes(content)
    with pytest.raises(NotDelivered, match="is no Atom feed"):
        add_entry(path, "feed", "2025-06-01T00:00:00Z", atom_entry(edition()))
    assert path.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(NotDelivered, match="can't be written"):
        add_entry(tmp_path / "briefs.xml", "feed", AT, atom_entry(edition()))
