"""A model's server that sends no end, no sense or too much: its reply is cut off, and the answer keeps its quotes."""

import asyncio
import gzip
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from bot.answering.answer import Verdict
from bot.answering.question.kind import QuestionKind
from bot.writer.bounded_http import MOST_BYTES
from bot.writer.limits import TokenLimits
from bot.writer.writer import Writer
from bot.writer.written import Outcome, Written
from tests.bot.writer.test_writer import ALSO_TRUE, LIMITS, TRUE, endpoint, prove, the_answer
from tests.model_server import ModelServer, delta, head, sentences

# Buffers of sockets, which are filled before anybody reads.
BUFFERED = 12_000_000
Reply = Callable[[], Iterator[bytes]]


async def write(server: ModelServer, dialect: str = "openai", **more: object) -> Written:
    # Far more seconds than any of it takes: what ends earlier was cut off by its length.
    writer = Writer(endpoint(server, dialect), LIMITS, 300.0, is_logged=False)
    try:
        written = await writer.write(more.pop("asked", the_answer()), prove, **more)
    finally:
        await writer.close()
    assert written is not None
    return written


def after(first: bytes, *rest: bytes) -> Reply:
    """A reply that repeats its last piece without end."""

    def reply() -> Iterator[bytes]:
        yield first
        yield from rest[:-1]
        yield from repeat(rest[-1])

    return reply


def once(*pieces: bytes) -> Reply:
    return lambda: iter(pieces)


EVENT = b"event: message_start\ndata: {}\n\n"
ENDLESS: dict[str, Reply] = {
    "one line": after(head(), b"data: ", b"a" * 65_536),
    "comments": after(head(), b": ping\n\n" * 1_000),
    "one sentence": after(head(), delta('{"sentences":[{"text":"'), delta("word " * 200)),
    "a member that nobody asked for": after(head(), delta('{"thoughts":"'), delta("hm " * 2_000)),
    "citations": after(head(), delta('{"sentences":[{"text":"a","quotes":['), delta("1," * 10_000)),
    "the name of a header": after(b"HTTP/1.1 200 OK\r\nX-", b"a" * 65_536),
    "headers": after(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1_000),
    "an error": after(head("application/json", "503 Busy"), b'{"error":"', b"a" * 65_536),
    "a page": after(head("text/html"), b"<p>" * 20_000),
}


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
async def test_a_reply_without_end_is_cut_off(kind: str, dialect: str) -> None:
    with ModelServer(ENDLESS[kind]) as server:
        written = await write(server, dialect)
        sent = server.sent
    assert written.outcome in {Outcome.BROKEN, Outcome.NONSENSE}
    assert written.sentences == ()
    assert sent < len(server.requests) * (MOST_BYTES + BUFFERED)


LARGE: dict[str, Reply] = {
    "one sentence": once(head(), delta(sentences(("a" * 50_000_000, [1])))),
    "deep brackets": once(head(), delta('{"sentences":' + "[" * 100_000), b"data: [DONE]\n\n"),
    "a deep frame": once(head(), b"data: " + b'{"a":' * 100_000 + b"\n\n"),
    "a deep short frame": once(head(), b"data: " + b"[" * 60_000 + b"\n\n"),
    "digits": once(head(), delta('{"sentences":[{"text":"a","quotes":[' + "9" * 50_000 + "]}]}")),
    "compressed": once(head(more="Content-Encoding: gzip\r\n"), gzip.compress(b"data: " + bytes(50_000_000))),
    "no text": once(head(), b'data: {"id":"\xff\xfe\xed\xa0\x80"}\n\n'),
    "a picture": once(head("image/png"), b"\x89PNG\r\n\x1a\n" + bytes(1_000)),
    "half a surrogate": once(head(), delta('{"sentences":[{"text":"\\ud800","quotes":[1]}]}'), b"data: [DONE]\n\n"),
}


@pytest.mark.parametrize("kind", LARGE)
async def test_a_reply_that_makes_no_sense_ends_as_such(kind: str) -> None:
    with ModelServer(LARGE[kind]) as server:
        written = await write(server)
    assert written.outcome in {Outcome.BROKEN, Outcome.NONSENSE}
    assert written.sentences == ()


async def test_others_get_their_turn_while_a_long_reply_is_read() -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    with ModelServer(once(head(), *[delta("") * 100] * 10)) as server:
        others = asyncio.create_task(count_turns())
        await write(server)
        others.cancel()
    # An event has about 140 bytes, and no turn takes many.
    assert turns > 10 * 100 / 4


async def test_a_plan_of_millions_of_letters_is_not_read() -> None:
    asked = the_answer(Verdict.OPEN, kind=QuestionKind.WHY)
    with ModelServer(once(head("application/json"), b'{"choices":"' + b"a" * 5_000_000 + b'"}')) as server:
        assert (await write(server, asked=asked, ask=_never)).outcome is Outcome.BROKEN


async def test_a_redirect_is_not_followed_so_quotes_go_nowhere_else() -> None:
    with ModelServer(sentences(TRUE)) as other:
        moved = head(status="307 Temporary Redirect", more=f"Location: {other.url}/v1/chat/completions\r\n")
        with ModelServer(once(moved)) as server:
            assert (await write(server)).sentences == ()
        assert other.requests == []


async def test_a_model_on_this_machine_is_not_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with ModelServer(sentences(TRUE, ALSO_TRUE)) as server:
        assert (await write(server)).outcome is Outcome.WRITTEN


@pytest.mark.parametrize("told", [10**30, -(10**30), -1])
async def test_a_server_that_counts_wrong_neither_frees_nor_breaks_a_budget(told: int) -> None:
    usage = {"prompt_tokens": told, "completion_tokens": 0, "total_tokens": told}
    reply = once(head(), delta(sentences(TRUE, ALSO_TRUE)), delta("", usage=usage), b"data: [DONE]\n\n")
    with ModelServer(reply) as server:
        writer = Writer(endpoint(server), TokenLimits(6_000, 100, 1_000), 300.0, is_logged=False)
        first = await writer.write(the_answer(), prove)
        second = await writer.write(the_answer(question="Who denied it?"), prove)
        await writer.close()
    assert first is not None
    assert second is not None
    assert 0 < first.tokens <= 2_000_000
    assert second.outcome is Outcome.BUDGET


async def _never(question: str) -> None:
    raise AssertionError(question)
