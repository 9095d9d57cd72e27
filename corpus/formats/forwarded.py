"""Finds the letter that somebody forwards, whose sender and day count, and leaves out what a reply quotes."""

import re
from collections.abc import Sequence
from typing import NamedTuple

# More of a forwarder's own words, and the letter is theirs.
_MAX_PREFACE = 300
_HEAD_LINES = 12
_LABELS = {
    "sender": "from|von|de|da|van|от|від|od|från|fra|kimden|发件人|寄件者|差出人|보낸사람|من",
    "date": "date|sent|datum|gesendet|envoyé|enviado(?: el)?|enviada em|fecha|data|inviato|дата|отправлено|надіслано"
    "|verzonden|skickat|wysłano|tarih|gönderilme|日期|发送时间|送信日時|날짜|التاريخ|تاريخ",
    "subject": "subject|betreff|objet|asunto|assunto|oggetto|тема|onderwerp|ämne|temat|konu|主题|主旨|件名"
    "|제목|الموضوع",
    "other": "to|an|à|para|a|кому|do|till|kime|收件人|宛先|받는사람|إلى|cc|kopie|копия|reply-to|antwort an",
}
_LINE = re.compile(
    r"[>\s]{0,6}\*{0,2}(?:" + "|".join(f"(?P<{name}>{labels})" for name, labels in _LABELS.items())
    + r")\*{0,2}\s?[:：]\*{0,2}\s{0,3}(?P<value>.{0,2000})",
    re.IGNORECASE,
)  # fmt: skip
_SEPARATOR = re.compile(r"[>\s]{0,6}(?:[-_]{3,60}[^-_]{0,80}[-_]{0,60}|[^:：]{3,60}[:：])\s*")
_INTRODUCED = re.compile(
    r"(?:wrote|writes|schrieb|a écrit|escribió|escreveu|ha scritto|пишет|написал|написала|пише|написав|napisał\(?a?\)?"
    r"|schreef|skrev|yazdı|写道|寫道|كتب)(?: [^:]{0,80})?\s?[:：]\s*$",
    re.IGNORECASE,
)
# Lines over which a program breaks the line that introduces a quotation.
_MAX_INTRODUCTION = 3


class Forwarded(NamedTuple):
    """A letter within another one, and what its head states."""

    body: str
    sender: str
    date: str
    subject: str


def forwarded(text: str) -> Forwarded | None:
    """Return the letter that a text forwards, or None if it forwards none or is more than a few words of its own."""
    lines = text.split("\n", 4 * _HEAD_LINES)
    size = 0
    for start, line in enumerate(lines[:-1]):
        head = _head(lines[start : start + _HEAD_LINES])
        if head is not None:
            stated, length = head
            body = "\n".join(lines[start + length :])
            return Forwarded(_unquoted(body), stated["sender"], stated["date"], stated["subject"])
        size += 0 if _SEPARATOR.fullmatch(line) else len(line.strip())
        if size > _MAX_PREFACE:
            return None
    return None


def _head(lines: Sequence[str]) -> tuple[dict[str, str], int] | None:
    """Return what a head states and its number of lines, if the lines begin with one."""
    stated: dict[str, str] = {}
    for count, line in enumerate(lines):
        found = _LINE.fullmatch(line.rstrip())
        if found is None:
            # A long list of addresses goes on.
            if stated and line[:1] in {" ", "\t"} and line.strip():
                continue
            is_whole = {"sender", "date", "subject"} <= stated.keys()
            return (stated, count) if is_whole else None
        stated.setdefault(next(name for name in _LABELS if found[name]), found["value"].strip(" *"))
    return None


def _unquoted(body: str) -> str:
    """Return a text without the signs of quotation before each of its lines, if all have one."""
    lines = body.split("\n")
    if not all(line.startswith(">") for line in lines if line.strip()):
        return body
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)


def without_quotations(text: str) -> str:
    """Return a letter without the words of others that it quotes below a line such as "Lind wrote:"."""
    if "\n>" not in text:
        return text
    kept: list[str] = []
    is_quoted = False
    for line in text.split("\n"):
        if line.startswith(">"):
            if not is_quoted:
                start = _introduction(kept)
                is_quoted = start is not None
                if start is not None:
                    del kept[start:]
            if not is_quoted:
                kept.append(line)
            continue
        is_quoted = is_quoted and not line.strip()
        kept.append(line)
    rest = "\n".join(kept)
    return rest if rest.strip() else text


def _introduction(lines: Sequence[str]) -> int | None:
    """Return where the sentence that introduces a quotation begins, if the lines end with one."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or not _INTRODUCED.search(lines[end - 1][-200:]):
        return None
    start = end - 1
    while start and lines[start - 1].strip() and end - start < _MAX_INTRODUCTION:
        start -= 1
    return start
