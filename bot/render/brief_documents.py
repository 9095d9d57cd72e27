"""A brief as a document that leaves the bot: an e-mail, and an entry of an Atom feed."""

import html
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from bot.render.brief_words import brief_lines, brief_text, brief_title
from bot.service.brief import Brief

ATOM = "http://www.w3.org/2005/Atom"
_LONGEST_SUBJECT = 150
# What XML 1.0 does not allow, whatever an article holds.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {"title": "h1", "heading": "h2", "item": "h3", "quote": "blockquote", "source": "p", "note": "p"}


@dataclass(frozen=True, slots=True)
class Edition:
    """One brief of a rule as it is sent: its numbers never change, however often it is sent.

    `nonce` is random; `made_at` is ISO 8601, UTC.
    """

    rule_id: int
    nonce: int
    made_at: str
    brief: Brief

    @property
    def key(self) -> str:
        """An id by which a receiver knows it again."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"attache brief {self.rule_id} {self.nonce}"))


def brief_mail(edition: Edition, sender: str, recipient: str) -> EmailMessage:
    """Return the e-mail of a brief, as plain text and HTML.

    Its Message-ID is always the same, so that a mail system that got it before a crash can drop it the second time.
    """
    brief = edition.brief
    first = next((each.story.title for each in brief.stories if each.story.title), "")
    subject = " ".join(f"{brief_title(brief)}: {first}".split() if first else brief_title(brief).split())
    # The library decodes what looks like an encoded word (RFC 2047), in which a title could hide another header.
    subject = "".join(char for char in subject if char.isprintable()).replace("=?", "= ?")
    message = EmailMessage()
    message["From"], message["To"] = sender, recipient
    message["Subject"] = subject if len(subject) <= _LONGEST_SUBJECT else f"{subject[: _LONGEST_SUBJECT - 1]}…"
    message["Date"] = format_datetime(datetime.fromisoformat(edition.made_at))
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    message["Message-ID"] = f"<{edition.key}@{domain}>"
    # RFC 3834: no automatic replies.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_clean(brief_text(brief)), cte="quoted-printable")
    message.add_alternative(
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><body>{brief_html(brief)}</body></html>',
        subtype="html",
        cte="quoted-printable",
    )
    return message


def brief_html(brief: Brief) -> str:
    """Return a brief as HTML without styles; links lead to the articles at their quotes."""
    parts = []
    for kind, line in brief_lines(brief):
        text = html.escape(_clean(line))
        if kind == "link":
            parts.append(f'<p><a href="{text}" rel="noreferrer">{text}</a></p>' if _is_web(line) else "")
        else:
            parts.append(f"<{_TAGS[kind]}>{text}</{_TAGS[kind]}>")
    return "".join(parts)


def atom_entry(edition: Edition) -> ET.Element:
    """Return the entry of a brief (RFC 4287)."""
    entry = ET.Element(f"{{{ATOM}}}entry")
    _child(entry, "id", f"urn:uuid:{edition.key}")
    _child(entry, "title", _clean(brief_title(edition.brief)))
    _child(entry, "updated", edition.made_at)
    content = _child(entry, "content", brief_html(edition.brief))
    content.set("type", "html")
    return entry


def atom_feed(feed_id: str, updated: str, entries: Iterable[ET.Element]) -> bytes:
    """Return an Atom feed with these entries, newest first."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _child(feed, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, feed_id)}")
    _child(feed, "title", "Briefs of Attaché")
    _child(feed, "updated", updated)
    _child(_child(feed, "author", ""), "name", "Attaché")
    feed.extend(entries)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _child(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text
    return child


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))
