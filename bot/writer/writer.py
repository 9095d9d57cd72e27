"""Writes answers: drafts sentence by sentence, proves each, has failed ones repaired once, and drops the rest."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.answering.answer import Answer, Evidence, Stance, Verdict
from bot.writer.client import ModelClient, WriterFailure, estimate_tokens
from bot.writer.comparison import stems
from bot.writer.endpoint import Endpoint
from bot.writer.limits import Breaker, TokenBudget, TokenLimits
from bot.writer.reach import FAR_KINDS, gather_quotes, one_sided
from bot.writer.sheet import PLANNING, WRITING, planning_sheet, repair_sheet, writing_sheet
from bot.writer.written import Checked, Draft, Fault, Outcome, Problem, Written

log = structlog.get_logger(__name__)

Prove = Callable[[Sequence[Draft], Sequence[Evidence]], Awaitable[list[Checked]]]
Ask = Callable[[str], Awaitable[Answer]]
Show = Callable[[Written], Awaitable[None]]

MAX_CACHED = 256
# Answers that are written at a time; more would wait for each other in the model's server until they time out.
MAX_AT_ONCE = 8
LANGUAGE = "en"
LEAST_SENTENCES = 2
MOST_SENTENCES = 5
MOST_FAR_SENTENCES = 8
# Below this share of the drafted words, what is left says too little, and may say the least important part.
LEAST_LEFT = 0.5
# Tokens of a sentence with its frame, generously.
_SENTENCE_TOKENS = 120
_REPAIRABLE = frozenset(Fault) - {Fault.FORM}


class WritingMetrics(Protocol):
    """Receives how each writing ended."""

    def count_writing(self, outcome: str, proven: int, dropped: int, tokens: int, seconds: float) -> None:
        """Count a writing: how it ended, its sentences that were shown and not shown, tokens, and seconds."""


@dataclass(slots=True)
class _Work:
    """One answer while it is written."""

    answer: Answer
    evidence: tuple[Evidence, ...]
    account: str
    most: int = MOST_SENTENCES
    asked: tuple[str, ...] = ()
    checked: list[Checked] = field(default_factory=list)
    repaired: int = 0
    tokens: int = 0

    def count(self, tokens: int) -> None:
        self.tokens += tokens


class Writer:
    """Writes answers with one model. For one event loop.

    Args:
        endpoint: the model.
        limits: of tokens.
        timeout_s: seconds for a request.
        metrics: receives how each writing ended.
        clock: monotonic seconds.
        is_logged: whether it logs how each writing ended; at the terminal, people see it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        limits: TokenLimits,
        timeout_s: float,
        *,
        metrics: WritingMetrics | None = None,
        clock: Callable[[], float] = time.monotonic,
        is_logged: bool = True,
    ) -> None:
        self._is_logged = is_logged
        self._endpoint = endpoint
        self._client = ModelClient(endpoint, timeout_s)
        self._budget = TokenBudget(limits, clock)
        self._breaker = Breaker(clock)
        self._metrics = metrics
        self._cache: OrderedDict[tuple[object, ...], Written] = OrderedDict()
        self._at_once = 0

    @property
    def model(self) -> str:
        """The model's name."""
        return self._endpoint.model

    @property
    def is_local(self) -> bool:
        """Whether the model runs on this machine."""
        return self._endpoint.is_local

    async def write(
        self, answer: Answer, prove: Prove, ask: Ask | None = None, *, account: str = "", show: Show | None = None
    ) -> Written | None:
        """Write an answer from its quotes; None for a refusal, which has none.

        Args:
            answer: what the articles say; its verdict stays.
            prove: proves sentences.
            ask: answers further questions over the same articles; None for no further ones.
            account: whose tokens are counted.
            show: receives what is proven so far, whenever that grows.
        """
        if answer.is_refusal or not answer.evidence:
            return None
        key = (self.model, LANGUAGE, answer.question, answer.verdict, answer.searched.filters, answer.evidence)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        work, began = _Work(answer, answer.evidence, account), time.monotonic()
        try:
            written = await self._attempt(work, prove, ask, show)
        finally:
            # Also when the question is cancelled.
            self._budget.spend(account, work.tokens)
        # Further quotes may be gone at the next time, though those of the answer are the same.
        if written.outcome in {Outcome.WRITTEN, Outcome.DROPPED} and written.evidence == answer.evidence:
            self._cache[key] = written
            if len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        self._tell(written, time.monotonic() - began)
        return written

    def load(self) -> None:
        """Import the model's client, which takes seconds, rather than at the first answer.

        Raises:
            WriterMissing: it is not installed.
        """
        self._client.load()

    async def close(self) -> None:
        """Close the connections to the model's server; the next answer opens new ones."""
        await self._client.close()

    async def _attempt(self, work: _Work, prove: Prove, ask: Ask | None, show: Show | None) -> Written:
        if self._breaker.is_resting:
            return self._result(work, Outcome.RESTING)
        if not self._budget.has_room(work.account):
            return self._result(work, Outcome.BUDGET)
        if self._at_once >= MAX_AT_ONCE:
            return self._result(work, Outcome.BUSY)
        self._breaker.begin()
        self._at_once += 1
        outcome = Outcome.BUSY
        try:
            if ask is not None and work.answer.kind in FAR_KINDS:
                await self._reach(work, ask)
            await self._draft(work, prove, show)
            outcome = Outcome.WRITTEN
            await self._repair(work, prove)
        except WriterFailure as failure:
            self._log(logging.WARNING, "the writer failed", outcome=failure.outcome.value, reason=failure.detail)
            outcome = failure.outcome
        finally:
            self._at_once -= 1
            # Also when the question is cancelled: else the breaker would wait for this request for ever.
            if self._breaker.end(outcome):
                self._log(logging.ERROR, "the writer's model rests", outcome=outcome.value)
        if outcome is not Outcome.WRITTEN:
            return self._result(work, outcome)
        return self._result(work, Outcome.WRITTEN if _says_enough(work) else Outcome.DROPPED)

    async def _reach(self, work: _Work, ask: Ask) -> None:
        """Find quotes for further questions that the model proposes."""
        questions = await self._client.ask_questions(PLANNING, planning_sheet(work.answer.question), work.count)
        work.evidence, work.asked = await gather_quotes(work.answer, questions, ask)
        if len(work.evidence) > len(work.answer.evidence):
            work.most = MOST_FAR_SENTENCES

    async def _draft(self, work: _Work, prove: Prove, show: Show | None) -> None:
        instructions = WRITING.format(least=LEAST_SENTENCES, most=work.most)
        document = writing_sheet(work.answer, work.evidence)
        room = self._room(work, instructions + document)
        # Closed at once, so that what it cost is known before more is asked for.
        async with aclosing(self._client.stream_sentences(instructions, document, room, work.count)) as drafts:
            async for draft in drafts:
                if len(work.checked) == work.most:
                    break
                [checked] = [_repeated(draft)] if _repeats(draft, work.checked) else await prove([draft], work.evidence)
                work.checked.append(checked)
                if show is not None and checked.is_proven and _tells_both_sides(work):
                    await show(self._result(work, Outcome.WRITTEN))

    async def _repair(self, work: _Work, prove: Prove) -> None:
        """Have the failed sentences written once more; those that are proven now take their places."""
        failed = [
            place
            for place, each in enumerate(work.checked)
            if not each.is_proven and {problem.fault for problem in each.problems} <= _REPAIRABLE
        ]
        if not failed:
            return
        instructions = WRITING.format(least=1, most=len(failed))
        document = repair_sheet(work.answer, work.evidence, [work.checked[place] for place in failed])
        room = self._room(work, instructions + document)
        places = iter(failed)
        try:
            async with aclosing(self._client.stream_sentences(instructions, document, room, work.count)) as drafts:
                async for draft in drafts:
                    place = next(places, None)
                    if place is None:
                        break
                    if not _repeats(draft, work.checked):
                        [checked] = await prove([draft], work.evidence)
                        work.repaired += checked.is_proven
                        work.checked[place] = checked if checked.is_proven else work.checked[place]
        except WriterFailure as failure:
            # The draft stands without its failed sentences.
            self._log(logging.INFO, "no repair", outcome=failure.outcome.value, reason=failure.detail)

    def _room(self, work: _Work, text: str) -> int:
        """Return how many tokens the model may write.

        Raises:
            WriterFailure: too few are left for this answer.
        """
        room = self._budget.per_answer - work.tokens - estimate_tokens(text)
        if room < LEAST_SENTENCES * _SENTENCE_TOKENS:
            raise WriterFailure(Outcome.BUDGET, "The tokens for an answer do not suffice.")
        return min(room, work.most * _SENTENCE_TOKENS)

    def _result(self, work: _Work, outcome: Outcome) -> Written:
        is_shown = outcome is Outcome.WRITTEN
        return Written(
            model=self.model,
            outcome=outcome,
            evidence=work.evidence,
            sentences=tuple(each for each in work.checked if each.is_proven) if is_shown else (),
            dropped=tuple(each for each in work.checked if not each.is_proven) if is_shown else tuple(work.checked),
            repaired=work.repaired,
            asked=work.asked,
            one_sided=one_sided(work.evidence) if work.answer.kind in FAR_KINDS else None,
            tokens=work.tokens,
        )

    def _tell(self, written: Written, seconds: float) -> None:
        proven, dropped = len(written.sentences), len(written.dropped)
        ended = {"outcome": written.outcome.value, "shown": proven, "dropped": dropped, "tokens": written.tokens}
        self._log(logging.INFO, "written", **ended)
        if self._metrics is not None:
            self._metrics.count_writing(written.outcome.value, proven, dropped, written.tokens, seconds)

    def _log(self, level: int, event: str, **fields: object) -> None:
        if self._is_logged:
            log.log(level, event, **fields)


def _repeats(draft: Draft, before: Sequence[Checked]) -> bool:
    """Return whether a sentence says what one before it said: small models write in circles."""
    said = frozenset(stems(draft.text))
    return any(said <= frozenset(stems(each.draft.text)) for each in before if each.is_proven)


def _repeated(draft: Draft) -> Checked:
    return Checked(draft, (Problem(Fault.FORM, "It repeats a sentence before it."),), 0.0, 0.0)


def _says_enough(work: _Work) -> bool:
    # Repetitions say nothing that is lost without them.
    drafted = [each for each in work.checked if {problem.fault for problem in each.problems} != {Fault.FORM}]
    left = sum(len(each.draft.text.split()) for each in drafted if each.is_proven)
    total = sum(len(each.draft.text.split()) for each in drafted)
    return left > 0 and left >= LEAST_LEFT * total and _tells_both_sides(work)


def _tells_both_sides(work: _Work) -> bool:
    """Return whether the proven sentences on a disputed question cite quotes of both sides, if there are any."""
    if work.answer.verdict is not Verdict.DISPUTED:
        return True
    sides = {each.stance for each in work.evidence} & {Stance.ASSERTS, Stance.DENIES}
    told = {
        work.evidence[number - 1].stance for each in work.checked if each.is_proven for number in each.draft.citations
    }
    return sides <= told
