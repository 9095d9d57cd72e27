"""Answering processes: they say what a thread says, see every change, and one that is lost costs nobody an answer."""

import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.answering.cited_places import place_of
from bot.processes.answer_pool import AnswerPool
from bot.processes.answer_process import Unanswered
from bot.processes.nursery import CannotFork
from bot.service import open_work
from bot.service.about_page import about_page
from bot.service.attache import Attache
from bot.service.ingest import ingest, remove_article
from bot.service.open_work import ask_question
from bot.service.process_memory import check_answering
from bot.service.timeline import build_timeline
from bot.service.watched_answers import first_look
from bot.settings import BadSettings, Settings
from bot.writer.written import Draft
from corpus.errors import AttacheError, BadInput
from corpus.ingest import IngestOptions
from index.filters import Filters
from tests.bot.processes import tasks
from tests.fakes import HashingEmbedder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="answering processes need Linux")

NOW = datetime(2024, 9, 10, tzinfo=UTC)
QUESTIONS = (
    "Did Iran deny the missile reports?",
    "Did Sweden join NATO?",
    "Was the Chinese balloon a spy balloon?",
    "Who won the presidential election in Venezuela?",
    "Why did Russia leave the grain deal?",
    "What did South Africa accuse Israel of?",
    "Did Argentina join BRICS?",
    "How many people fled from Sudan?",
    "What is the price of bread on Mars?",
    "Did the Houthis seize the Galaxy Leader?",
)
FERRY = (
    "---\nid: ferry\npublisher: Post\n---\nThe council of Belmar voted on Monday to buy a second ferry for the island."
)
HILLS = "---\nid: hills\npublisher: Post\n---\nRangers in the hills counted twelve wolves before the winter."

MakePool = Callable[..., AnswerPool]


def feed(settings: Settings, name: str, text: str) -> None:
    path = settings.data_dir.with_name(f"{name}.md")
    path.write_text(text, encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings.load(None, data_dir=tmp_path_factory.mktemp("pool") / "data", answering=2)
    feed(settings, "ferry", FERRY)
    return settings


@pytest.fixture(scope="module")
def _running_pool(settings: Settings) -> Iterator[AnswerPool]:
    pool = AnswerPool(settings, lambda _sentence: None, load=tasks.load_fakes)
    yield pool
    pool.close()


@pytest.fixture
def pool(_running_pool: AnswerPool) -> AnswerPool:
    """Two processes, which earlier tests may have used."""
    for each in _running_pool.answerers:
        each.run(partial(tasks.wait, seconds=0))
    _running_pool.lost.clear()
    return _running_pool


@pytest.fixture
def make_pool(settings: Settings) -> Iterator[MakePool]:
    made: list[AnswerPool] = []

    def make(**given: object) -> AnswerPool:
        pool = AnswerPool(settings, lambda _sentence: None, **({"load": tasks.load_fakes} | given))
        made.append(pool)
        return pool

    yield make
    for pool in made:
        pool.close()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError


def test_two_processes_say_byte_for_byte_what_a_thread_says(starter_service: Attache) -> None:
    settings = starter_service.settings.model_copy(update={"answering": 2})
    pool = AnswerPool(settings, lambda _sentence: None)

    def ask(question: str, answerer: int) -> bytes:
        work = partial(ask_question, question=question, filters=Filters(), now=NOW)
        return pickle.dumps(replace(pool.answerers[answerer].run(work)[0], timings_ms={}))

    try:
        first, second = ([ask(question, number) for question in QUESTIONS] for number in (0, 1))
    finally:
        pool.close()
    told = [replace(starter_service.ask(question, now=NOW), timings_ms={}) for question in QUESTIONS]
    # As they come out of a pickle: there equal strings are not one.
    expected = [pickle.dumps(pickle.loads(pickle.dumps(each))) for each in told]
    assert [pickle.dumps(pickle.loads(each)) for each in first] == expected
    assert [pickle.dumps(pickle.loads(each)) for each in second] == expected


def test_everything_that_the_bot_has_done_there_can_be_sent_there_and_back(pool: AnswerPool) -> None:
    answerer, filters, question = pool.answerers[0], Filters(), "Did the council of Belmar vote to buy a ferry?"
    answer, _ = answerer.run(partial(ask_question, question=question, filters=filters, now=NOW))
    assert answer.evidence
    places = [place_of(each.quote) for each in answer.evidence]
    assert answerer.run(partial(open_work.reload_quotes, places=places, filters=filters))
    assert answerer.run(partial(open_work.search, query=question, count=3, filters=filters)).hits
    draft = Draft(answer.evidence[0].quote.text, (1,))
    assert answerer.run(partial(open_work.prove, drafts=[draft], evidence=answer.evidence))
    assert answerer.run(partial(build_timeline, question=question, filters=filters, now=NOW)).statements
    assert answerer.run(partial(about_page, name="Belmar", filters=filters, now=NOW))
    look, vector = answerer.run(partial(first_look, question=question, filters=filters, now=NOW))
    assert (look.verdict, len(vector)) == (answer.verdict, HashingEmbedder().dimension)
    # A lambda would work with the thread alone.
    calls = re.compile(r"answer_queue\.run\(\s*lambda|_queue\.run\(\s*lambda")
    front = Path(__file__).parents[3] / "bot" / "discord"
    assert [path for path in front.rglob("*.py") if calls.search(path.read_text(encoding="utf-8"))] == []


def test_every_process_sees_at_once_what_came_in_and_what_was_removed(settings: Settings, pool: AnswerPool) -> None:
    one, other = pool.answerers

    def found(words: str) -> list[list[str | None]]:
        return [each.run(partial(tasks.find_ids, words=words)) for each in (one, other)]

    assert found("second ferry") == [["ferry"], ["ferry"]]
    feed(settings, "hills", HILLS)
    assert [ids[0] for ids in found("wolves in the hills")] == ["hills", "hills"]
    remove_article(settings, HashingEmbedder(), 2)
    assert ["hills" in ids for ids in found("wolves in the hills")] == [False, False]


@pytest.mark.parametrize(
    ("how", "counted"), [("killed", "crashed"), ("exited", "crashed"), ("stopped", "stuck"), ("busy", "stuck")]
)
def test_who_asked_a_process_that_is_lost_is_answered_by_the_next(
    how: str, counted: str, tmp_path: Path, pool: AnswerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, other = pool.answerers
    before = other.run(partial(tasks.wait, seconds=0)), asked.run(partial(tasks.wait, seconds=0))
    monkeypatch.setattr(asked, "_answer_s", 1.0)
    assert asked.run(partial(tasks.lose_once, how=how, mark=tmp_path / "mark")) == "answered"
    assert pool.lost == {counted: 1}
    assert not is_running(before[1])
    # The other one goes on.
    assert other.run(partial(tasks.wait, seconds=0)) == before[0]


@pytest.mark.parametrize(
    ("how", "counted"),
    [
        ("half, and ends", "crashed"),
        ("byte by byte", "stuck"),
        ("sentences without end", "garbled"),
        ("no pickle", "garbled"),
        ("a longer message than one may be", "garbled"),
        ("another form", "garbled"),
        ("an unknown word", "garbled"),
        ("a failure that is none", "garbled"),
        ("a beginning twice", "garbled"),
        ("an answer to another question", "garbled"),
    ],
)
def test_a_process_that_sends_no_message_is_replaced_and_its_question_answered(
    how: str, counted: str, tmp_path: Path, pool: AnswerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = pool.answerers[0]
    monkeypatch.setattr(asked, "_answer_s", 1.0)
    assert asked.run(partial(tasks.garble_once, how=how, mark=tmp_path / "mark")) == "answered"
    assert pool.lost == {counted: 1}
    assert asked.run(partial(tasks.find_ids, words="second ferry")) == ["ferry"]


def test_a_result_that_is_too_long_fails_in_the_process_that_has_it(pool: AnswerPool) -> None:
    answerer = pool.answerers[0]
    with pytest.raises(ValueError, match="longer than the 4,194,304"):
        answerer.run(tasks.return_much)
    with pytest.raises(RuntimeError, match="SystemExit: 3"):
        answerer.run(tasks.end_by_exit)
    assert not pool.lost
    assert answerer.run(partial(tasks.find_ids, words="second ferry")) == ["ferry"]


def test_a_question_that_loses_two_processes_fails_in_one_sentence_and_the_next_is_answered(pool: AnswerPool) -> None:
    answerer = pool.answerers[0]
    with pytest.raises(Unanswered, match="could not be answered"):
        answerer.run(partial(tasks.lose, how="killed"))
    assert pool.lost == {"crashed": 2}
    assert answerer.run(partial(tasks.find_ids, words="second ferry")) == ["ferry"]


def test_a_process_that_ends_while_nobody_asks_costs_no_try(tmp_path: Path, pool: AnswerPool) -> None:
    answerer = pool.answerers[0]
    pid = answerer.run(partial(tasks.wait, seconds=0))
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid))
    assert answerer.run(partial(tasks.lose_once, how="killed", mark=tmp_path / "mark")) == "answered"
    assert pool.lost == {"crashed": 2}


def test_without_its_nursery_the_pool_makes_another(make_pool: MakePool) -> None:
    pool = make_pool()
    pids = [each.run(partial(tasks.wait, seconds=0)) for each in pool.answerers]
    nursery = pool._nursery.pid
    assert nursery is not None
    os.kill(nursery, signal.SIGKILL)
    # What it forked ends with it, whatever it is doing.
    wait_until(lambda: not any(map(is_running, pids)))
    assert [each.run(partial(tasks.find_ids, words="second ferry")) for each in pool.answerers] == [["ferry"]] * 2


def test_closing_ends_what_is_worked_on_and_leaves_no_process(make_pool: MakePool) -> None:
    pool = make_pool()
    pids = [each.run(partial(tasks.wait, seconds=0)) for each in pool.answerers]
    nursery = pool._nursery.pid
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(pool.answerers[0].run, partial(tasks.wait, seconds=60))
        time.sleep(0.1)
        pool.close()
        with pytest.raises(CannotFork, match="shutting down"):
            asked.result(10)
    wait_until(lambda: not any(map(is_running, [*pids, nursery or 0])))


def test_what_work_raises_is_raised_where_it_is_awaited(pool: AnswerPool) -> None:
    answerer = pool.answerers[0]
    with pytest.raises(BadInput, match="no words"):
        answerer.run(partial(ask_question, question="?!", filters=Filters(), now=NOW))
    with pytest.raises(RuntimeError, match="OddError: something") as odd:
        answerer.run(tasks.fail)
    assert "tasks.py" in odd.value.__notes__[0]
    with pytest.raises(Exception, match="pickle"):
        answerer.run(lambda _attache: None)
    with pytest.raises(TypeError, match="pickle"):
        answerer.run(tasks.return_lock)
    assert answerer.run(partial(tasks.find_ids, words="second ferry")) == ["ferry"]


def test_a_model_that_can_not_be_loaded_ends_the_start(make_pool: MakePool) -> None:
    with pytest.raises(AttacheError, match="There is no model"):
        make_pool(load=tasks.load_nothing).answerers[0].warm_up()


def test_the_processes_get_no_secret(settings: Settings, make_pool: MakePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_DISCORD_TOKEN", "secret")
    assert make_pool().answerers[0].run(tasks.tell_surroundings) == ("", [])


def test_memory_is_told_for_each_process(pool: AnswerPool) -> None:
    for each in pool.answerers:
        each.run(partial(tasks.find_ids, words="second ferry"))
    told = pool.memory()
    assert [each.name for each in told] == ["bot", "models", "answers-1", "answers-2"]
    assert all(0 < each.own <= each.share for each in told)


BOT = """
import sys, threading
from functools import partial
from pathlib import Path
from bot.processes.answer_pool import AnswerPool
from bot.settings import Settings
from tests.bot.processes import tasks
pool = AnswerPool(Settings.load(None, data_dir=Path(sys.argv[1]), answering=2), print, load=tasks.load_fakes)
pids = [each.run(partial(tasks.wait, seconds=0)) for each in pool.answerers]
busy = threading.Thread(target=pool.answerers[0].run, args=(partial(tasks.lose, how="busy"),))
busy.start()
print(*pids, pool._nursery.pid, flush=True)
busy.join()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_bot_and_signals_for_all_end_only_the_bot(
    number: signal.Signals, settings: Settings
) -> None:
    # In a group of its own, which Ctrl-C at a terminal signals as a whole.
    bot = subprocess.Popen(
        [sys.executable, "-c", BOT, str(settings.data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        text=True,
    )
    assert bot.stdout is not None
    with bot, bot.stdout:
        pids = [int(each) for each in bot.stdout.readline().split()]
        assert len(pids) == 3
        if number is signal.SIGINT:
            for pid in pids:
                os.kill(pid, signal.SIGINT)
                os.kill(pid, signal.SIGTERM)
            time.sleep(0.2)
            assert all(map(is_running, pids))
        os.kill(bot.pid, signal.SIGKILL)
        bot.wait()
    wait_until(lambda: not any(map(is_running, pids)))


@pytest.mark.parametrize("wrong", ["0", "-1", "65", "two", "1.5", ""])
def test_a_number_of_processes_that_makes_no_sense_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_ANSWERING", wrong)
    with pytest.raises(BadSettings, match="ATTACHE_ANSWERING can't be used"):
        Settings.load(None)


def test_processes_are_refused_where_the_system_can_not_fork_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_answering(settings)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(BadSettings, match="ATTACHE_ANSWERING=2 needs Linux"):
        check_answering(settings)
    check_answering(settings.model_copy(update={"answering": 1}))


def test_processes_work_at_the_same_time(pool: AnswerPool) -> None:
    both = threading.Barrier(2)

    def work(number: int) -> int:
        answerer = pool.answerers[number]
        answerer.run(partial(tasks.wait, seconds=0))
        both.wait(60)
        return answerer.run(partial(tasks.wait, seconds=0.2))

    with ThreadPoolExecutor(2) as threads:
        assert len(set(threads.map(work, (0, 1)))) == 2
