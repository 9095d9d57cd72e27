"""Has shown answers written by the model of the operator, beside everything else."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from bot.answering.answer import Answer, Evidence
from bot.discord.questions.live_answer import LiveAnswer
from bot.discord.scope import Scope
from bot.discord.views.written_text import all_quotes
from bot.discord.workers.answer_queue import AnswerQueue
from bot.service.open_work import prove as prove_sentences
from bot.writer.writer import Writer
from bot.writer.written import Checked, Draft, Outcome, Written
from index.filters import Filters

# Whose tokens those of questions outside of servers are.
_DIRECT = "direct messages"


class WriteFlow:
    """Writes answers, where that is allowed.

    Args:
        queue: proves sentences and answers further questions, in turn with everybody's questions.
        writer: writes; None without a model.
        may_write_private: whether private questions may go to a model on another machine.
    """

    def __init__(self, queue: AnswerQueue, writer: Writer | None, *, may_write_private: bool) -> None:
        self._queue = queue
        self._writer = writer
        self._may_write_private = may_write_private

    def may_write(self, answer: Answer, scope: Scope, *, private: bool) -> bool:
        """Return whether an answer is to be written. Direct messages are private, too."""
        if self._writer is None or answer.is_refusal or not scope.settings.written_answers:
            return False
        is_private = private or scope.server_id is None
        return self._writer.is_local or self._may_write_private or not is_private

    async def write(
        self,
        answer: Answer,
        filters: Filters,
        scope: Scope,
        live: LiveAnswer,
        keep: Callable[[Sequence[Evidence]], Awaitable[None]],
    ) -> None:
        """Write an answer and show its sentences in place as they are proven.

        Args:
            answer: to the question.
            filters: what may be read.
            scope: who asks and where.
            live: the shown answer.
            keep: stores all quotes of the shown answer, for its buttons; called before sentences cite further ones.
        """
        assert self._writer is not None
        kept = answer.evidence

        async def keep_quotes(written: Written | None) -> None:
            nonlocal kept
            quotes = answer.evidence if written is None else all_quotes(answer, written)
            if quotes != kept:
                await keep(quotes)
                kept = quotes

        async def show(written: Written) -> None:
            await keep_quotes(written)
            await live.show_progress(written)

        async def ask(question: str) -> Answer:
            return await self._queue.ask(question, filters, answer.asked_at, account=scope.account)

        prove = partial(self._prove, scope.account)
        account = _DIRECT if scope.server_id is None else str(scope.server_id)
        try:
            written = await self._writer.write(answer, prove, ask, account=account, show=show)
        except Exception:
            # Half of an answer must not stay. A cancelled one is replaced by the answer to the edited question.
            await keep_quotes(None)
            await live.finish(None)
            raise
        final = written if written is not None and written.outcome is Outcome.WRITTEN else None
        await keep_quotes(final)
        await live.finish(final)

    async def write_quotes(self, answer: Answer, account: str, *, private: bool) -> Written | None:
        """Return sentences on given quotes; None where these may not be written.

        Args:
            answer: has the quotes.
            account: whose tokens are counted.
            private: whether only one member, or the operator, is to see them.
        """
        if self._writer is None or not (self._writer.is_local or self._may_write_private or not private):
            return None
        return await self._writer.write(answer, partial(self._prove, 0), account=account)

    async def _prove(self, turn: int, drafts: Sequence[Draft], evidence: Sequence[Evidence]) -> list[Checked]:
        return await self._queue.run(partial(prove_sentences, drafts=drafts, evidence=evidence), account=turn)
