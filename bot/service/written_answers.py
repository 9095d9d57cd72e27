"""Answers in sentences: the writer of the settings, and its use by front ends without an event loop."""

import asyncio
from collections.abc import Callable, Sequence

from bot.answering.answer import Answer, Evidence
from bot.service.attache import Attache
from bot.settings import BadSettings, Settings
from bot.writer.limits import TokenLimits
from bot.writer.writer import Writer, WritingMetrics
from bot.writer.written import Checked, Draft, Written

ShowWritten = Callable[[Written], None]


def make_writer(settings: Settings, metrics: WritingMetrics | None = None, *, is_logged: bool = True) -> Writer | None:
    """Return the writer of the settings; None without one.

    Args:
        settings: name the model.
        metrics: receives how each writing ended.
        is_logged: whether that is logged.

    Raises:
        WriterMissing: its client is not installed.
        BadSettings: the file with its key can't be read.
    """
    endpoint = settings.writer_endpoint
    if endpoint is None:
        return None
    limits = TokenLimits(
        settings.writer_tokens_per_answer, settings.writer_tokens_per_hour, settings.writer_tokens_per_day
    )
    writer = Writer(endpoint, limits, settings.writer_timeout_s, metrics=metrics, is_logged=is_logged)
    writer.load()
    return writer


def required_writer(settings: Settings) -> Writer:
    """Return the writer of the settings. Raises as `make_writer` does, and `BadSettings` without one."""
    writer = make_writer(settings, is_logged=False)
    if writer is None:
        raise BadSettings(
            "No language model is set to write with.", "Set ATTACHE_WRITER, such as ATTACHE_WRITER=ollama:qwen3:4b."
        )
    return writer


def write_answer(
    attache: Attache, writer: Writer, answer: Answer, show: ShowWritten = lambda _: None, *, reaches: bool = True
) -> Written | None:
    """Write an answer, and wait for it; None for a refusal.

    Args:
        attache: answers further questions, and proves sentences.
        writer: writes.
        answer: what the articles say.
        show: receives what is proven so far, whenever that grows.
        reaches: whether further questions may be asked.
    """

    async def prove(drafts: Sequence[Draft], evidence: Sequence[Evidence]) -> list[Checked]:
        # The model goes on writing meanwhile.
        return await asyncio.to_thread(attache.prover.prove, drafts, evidence)

    async def ask(question: str) -> Answer:
        return attache.ask(question, answer.searched.filters, now=answer.asked_at)

    async def shown(written: Written) -> None:
        show(written)

    async def write() -> Written | None:
        try:
            return await writer.write(answer, prove, ask if reaches else None, show=shown)
        finally:
            await writer.close()

    return asyncio.run(write())
