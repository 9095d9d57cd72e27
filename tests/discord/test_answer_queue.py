"""What becomes of questions in the queue: in what order, in which batches, and when the bot is told to stop."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import ClassVar
from unittest.mock import Mock, create_autospec

import pytest

from bot.discord.workers.answer_queue import MAX_QUEUE_LENGTH, AnswerQueue, QueueFull, ShuttingDown
from bot.processes.answer_pool import AnswerPool
from bot.processes.answerer import ThreadAnswerer
from bot.service.attache import Attache
from corpus.errors import BadInput
from index.errors import ModelUnavailable
from index.filters import Filters

MAX_BATCH_SIZE = ThreadAnswerer.batch
NOW = datetime(2024, 9, 10, tzinfo=UTC)


class FakeAnswer(str):
    """An answer, as far as the queue looks at it."""

    __slots__ = ()
    timings_ms: ClassVar[dict[str, float]] = {}


def service():
    return create_autospec(Attache, instance=True)


async def test_each_question_gets_its_own_answer_and_waiting_ones_are_embedded_together() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda question, *_given, **_named: (
        release.wait(5.0),
        FakeAnswer(f"answer to {question}"),
    )[1]
    queue = AnswerQueue(attache)
    asked = [asyncio.create_task(queue.ask(f"question {number}", Filters(), NOW)) for number in range(40)]
    await asyncio.sleep(0.05)
    release.set()
    assert await asyncio.gather(*asked) == [f"answer to question {number}" for number in range(40)]
    batches = [call.args[0] for call in attache.embed_questions.call_args_list]
    assert [len(batch) for batch in batches] == [MAX_BATCH_SIZE, MAX_BATCH_SIZE, 40 - 2 * MAX_BATCH_SIZE]
    await queue.close(1.0)


async def test_a_question_that_fails_fails_alone() -> None:
    attache = service()

    def ask(question: str, *_given: object, **_named: object) -> str:
        if question == "bad":
            raise BadInput("That is no question.")
        return FakeAnswer("fine")

    attache.ask.side_effect = ask
    attache.embed_questions.side_effect = RuntimeError("no batch today")
    queue = AnswerQueue(attache)
    answers = await asyncio.gather(
        *(queue.ask(question, Filters(), NOW) for question in ("good", "bad", "good")), return_exceptions=True
    )
    assert [str(answer) for answer in answers] == ["fine", "That is no question.", "fine"]
    await queue.close(1.0)


async def test_whoever_gave_up_is_not_worked_for_and_a_full_queue_says_so() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), FakeAnswer())[1]
    queue = AnswerQueue(attache)
    first = asyncio.create_task(queue.ask("first", Filters(), NOW))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(queue.ask(str(number), Filters(), NOW)) for number in range(MAX_QUEUE_LENGTH)]
    await asyncio.sleep(0)
    with pytest.raises(QueueFull):
        await queue.ask("one too many", Filters(), NOW)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    release.set()
    await first
    await queue.close(1.0)
    assert attache.ask.call_count == 1


async def test_what_runs_aside_waits_for_no_question() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), FakeAnswer())[-1]
    queue = AnswerQueue(attache)
    asked = asyncio.create_task(queue.ask("first", Filters(), NOW))
    await asyncio.sleep(0.05)
    assert await queue.run_aside(lambda _attache: "done") == "done"
    assert not asked.done()
    release.set()
    await asked
    await queue.close(1.0)
    with pytest.raises(ShuttingDown):
        await queue.run_aside(lambda _attache: "late")


async def test_how_long_one_would_wait_goes_by_how_long_answers_take() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda question, *_given, **_named: (
        release.wait(5.0) if question == "long" else None,
        FakeAnswer(),
    )[1]
    queue = AnswerQueue(attache)
    for _ in range(30):
        await queue.ask("short", Filters(), NOW)
    asked = [asyncio.create_task(queue.ask(each, Filters(), NOW)) for each in ("long", *["short"] * 40)]
    await asyncio.sleep(0.05)
    # By their number alone they would seem to wait for seconds.
    assert queue.waiting == 41
    assert 0.0 < queue.wait_s(0) < 1.0
    release.set()
    await asyncio.gather(*asked)
    assert queue.wait_s(0) == 0.0
    await queue.close(1.0)


async def test_a_reply_under_way_is_sent_before_the_queue_closes() -> None:
    queue, sent = AnswerQueue(service()), []

    async def reply() -> None:
        async with queue.hold_open():
            await asyncio.sleep(0.05)
            sent.append("reply")

    replying = asyncio.create_task(reply())
    await asyncio.sleep(0)
    await queue.close(5.0)
    assert sent == ["reply"]
    await replying


async def test_who_is_still_waiting_when_patience_ends_is_told() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), FakeAnswer())[1]
    queue = AnswerQueue(attache)

    async def ask_and_reply() -> str:
        async with queue.hold_open():
            try:
                return str(await queue.ask("Did Marn deny it?", Filters(), NOW))
            except ShuttingDown as closed:
                return str(closed)

    asking = [asyncio.create_task(ask_and_reply()) for _ in range(30)]
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(queue.close(0.1))
    while queue.waiting > 1:
        # Somebody beyond the present question still waits until patience is over.
        await asyncio.sleep(0.01)
    release.set()
    await closing
    replies = await asyncio.gather(*asking)
    assert sum("restarting" in reply for reply in replies) == 29


@pytest.mark.parametrize(("behind_s", "told"), [(0.0, 54), (0.5, 59), (60.0, 64)])
async def test_who_stands_too_far_back_when_the_queue_closes_is_told_at_once(behind_s: float, told: int) -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), FakeAnswer())[1]
    queue = AnswerQueue(attache)

    async def ask_and_reply(number: int) -> None:
        async with queue.hold_open():
            await queue.ask(str(number), Filters(), NOW)

    asked = [asyncio.create_task(ask_and_reply(number)) for number in range(1 + 64)]
    await asyncio.sleep(0.05)
    closing = asyncio.create_task(queue.close(1.0, behind_s))
    await asyncio.sleep(0.05)
    refused = [number for number, each in enumerate(asked) if each.done()]
    assert refused == list(range(1 + 64 - told, 1 + 64))
    release.set()
    await closing
    await asyncio.gather(*asked, return_exceptions=True)


async def test_a_closed_queue_takes_no_question() -> None:
    queue = AnswerQueue(service())
    await queue.close(0.1)
    with pytest.raises(ShuttingDown):
        await queue.ask("Did Marn deny it?", Filters(), NOW)


async def test_a_model_that_fails_ends_the_start() -> None:
    attache = service()
    attache.warm_up.side_effect = ModelUnavailable("The model can't be used.")
    with pytest.raises(ModelUnavailable):
        await AnswerQueue(attache).warm_up()


class Panic(BaseException):
    """What libraries written in Rust raise."""


@pytest.mark.parametrize("error", [StopIteration(), Panic(), SystemExit(), MemoryError()], ids=repr)
async def test_whatever_a_question_raises_is_told_and_the_others_are_answered(error: BaseException) -> None:
    attache = service()

    def ask(question: str, *_given: object, **_named: object) -> str:
        if question == "bad":
            raise error
        return FakeAnswer("fine")

    attache.ask.side_effect = ask
    attache.embed_questions.side_effect = Panic
    queue = AnswerQueue(attache)
    asked = (queue.ask(question, Filters(), NOW) for question in ("good", "bad", "good"))
    answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
    assert (answers[0], answers[2]) == ("fine", "fine")
    assert isinstance(answers[1], RuntimeError | MemoryError)
    assert await asyncio.wait_for(queue.ask("good", Filters(), NOW), 5) == "fine"
    assert queue.waiting == 0
    await queue.close(1.0)


async def test_what_fails_around_the_work_is_told_to_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = AnswerQueue(service())
    with monkeypatch.context() as patch:
        patch.setattr(queue, "_run_task", Mock(side_effect=Panic))
        asked = (queue.ask(question, Filters(), NOW) for question in ("one", "two"))
        answers = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)
    assert [type(answer) for answer in answers] == [RuntimeError, RuntimeError]
    queue._attache.ask.return_value = FakeAnswer("fine")
    assert await asyncio.wait_for(queue.ask("three", Filters(), NOW), 5) == "fine"
    await queue.close(1.0)


async def test_a_noisy_server_delays_the_question_of_another_by_one_answer_at_most() -> None:
    attache, release, order = service(), threading.Event(), []

    def ask(question: str, *_given: object, **_named: object) -> str:
        release.wait(5.0)
        order.append(question)
        return FakeAnswer()

    attache.ask.side_effect = ask
    queue = AnswerQueue(attache)
    noisy = [asyncio.create_task(queue.ask(f"noisy {number}", Filters(), NOW, account=1)) for number in range(40)]
    await asyncio.sleep(0.05)
    assert (queue.ahead_of(2), queue.ahead_of(1)) == (1, 40)
    quiet = [asyncio.create_task(queue.ask(f"quiet {number}", Filters(), NOW, account=2)) for number in range(2)]
    await asyncio.sleep(0)
    release.set()
    await asyncio.gather(*noisy, *quiet)
    assert order[:5] == ["noisy 0", "quiet 0", "noisy 1", "quiet 1", "noisy 2"]
    await queue.close(1.0)


async def test_with_two_processes_a_noisy_server_leaves_one_to_a_server_that_asked_lately() -> None:
    attache, release, began = service(), threading.Event(), []

    def ask(question: str, *_given: object, **_named: object) -> str:
        began.append(question)
        if question.startswith("noisy"):
            release.wait(60.0)
        return FakeAnswer()

    attache.ask.side_effect = ask
    pool = create_autospec(AnswerPool, instance=True, answerers=(ThreadAnswerer(attache), ThreadAnswerer(attache)))
    queue = AnswerQueue(attache, pool=pool)
    await queue.ask("quiet 0", Filters(), NOW, account=2)
    noisy = [asyncio.create_task(queue.ask(f"noisy {number}", Filters(), NOW, account=1)) for number in range(40)]
    while "noisy 0" not in began:
        await asyncio.sleep(0)
    # Answered while the noisy server's first question is still worked on.
    for number in (1, 2):
        await queue.ask(f"quiet {number}", Filters(), NOW, account=2)
    assert began == ["quiet 0", "noisy 0", "quiet 1", "quiet 2"]
    assert queue.wait_s(1) > 0
    assert queue.wait_s(2) == 0
    release.set()
    await asyncio.gather(*noisy)
    assert queue.waiting == 0
    await queue.close(1.0)


async def test_without_another_server_one_server_has_both_processes() -> None:
    attache, both = service(), threading.Barrier(2, timeout=60.0)
    attache.ask.side_effect = lambda *_given, **_named: (both.wait(), FakeAnswer())[1]
    pool = create_autospec(AnswerPool, instance=True, answerers=(ThreadAnswerer(attache), ThreadAnswerer(attache)))
    queue = AnswerQueue(attache, pool=pool)
    await asyncio.gather(*(queue.ask(str(number), Filters(), NOW, account=1) for number in range(4)))
    await queue.close(1.0)


async def test_a_server_that_fills_the_queue_loses_a_question_rather_than_another_server() -> None:
    attache, release = service(), threading.Event()
    attache.ask.side_effect = lambda *_given, **_named: (release.wait(5.0), FakeAnswer())[1]
    queue = AnswerQueue(attache)
    asks = [queue.ask(str(number), Filters(), NOW, account=1) for number in range(MAX_QUEUE_LENGTH + 1)]
    noisy = [asyncio.create_task(each) for each in asks]
    await asyncio.sleep(0.05)
    quiet = asyncio.create_task(queue.ask("quiet", Filters(), NOW, account=2))
    with pytest.raises(QueueFull):
        await noisy[-1]
    release.set()
    assert await quiet == ""
    await asyncio.gather(*noisy[:-1])
    await queue.close(1.0)
