"""Asks the language model for structured text, and tells in our own words how that failed."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, Field

from bot.writer.endpoint import Dialect, Endpoint
from bot.writer.written import Draft, Outcome
from corpus.errors import AttacheError

# PLC0415 throughout: the client takes a second to import, and is an extra that most installations lack.
if TYPE_CHECKING:
    from pydantic_ai import Agent
    from pydantic_ai.models import Model

_CHARACTERS_PER_TOKEN = 3
# Tokens that one request may be told to have taken; beyond, its server makes them up.
_MOST_TOLD = 1_000_000
# Statuses of servers that do not know the format of a schema.
_SCHEMA_UNKNOWN = frozenset((400, 404, 415, 422, 500, 501))

Output = TypeVar("Output", bound=BaseModel)

# A server that refuses or is too busy is asked once more, by the client itself, with its waiting time.
RETRIES = 1
# Characters of a sentence, and citations: what is longer is nonsense.
LONGEST_SENTENCE = 400
MAX_CITATIONS = 8
# Tokens of the further questions.
PLAN_TOKENS = 200


# Servers make a grammar of a schema: without bounds of lengths, which they spell out, and names with letters first.
class DraftedSentence(BaseModel):
    """One sentence, and the numbers of the quotes that say it."""

    text: str
    quotes: Annotated[list[int], Field(min_length=1)]


class DraftedSentences(BaseModel):
    """The answer, sentence by sentence."""

    sentences: list[DraftedSentence]


class PlannedQuestions(BaseModel):
    """At most three further questions."""

    questions: list[str]


class WriterFailure(AttacheError):
    """The model gave no usable text.

    Args:
        outcome: what went wrong.
        detail: one sentence for the log; holds no text of questions or articles.
        tokens: that it used all the same.
    """

    def __init__(self, outcome: Outcome, detail: str, tokens: int = 0) -> None:
        super().__init__(f"The writer's model gave no usable text: {detail}", "Check ATTACHE_WRITER and its server.")
        self.outcome = outcome
        self.detail = detail
        self.tokens = tokens


class WriterMissing(AttacheError):
    """The extra with the client is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The writer's client isn't installed.",
            "Run `pip install '.[writer]'` in Attaché's folder, or leave ATTACHE_WRITER empty.",
        )


class ModelClient:
    """Speaks with one model. It gets no tools, and its temperature is 0.

    Args:
        endpoint: the model.
        timeout_s: seconds for one request.
    """

    def __init__(self, endpoint: Endpoint, timeout_s: float) -> None:
        self._endpoint = endpoint
        self._timeout_s = timeout_s
        self._model: Model | None = None
        self._takes_schemas = True

    def load(self) -> None:
        """Import the client and prepare it, which takes a second or two. Raises `WriterMissing` without the extra."""
        self._loaded()

    async def stream_sentences(
        self, instructions: str, document: str, most_tokens: int, count_tokens: Callable[[int], None]
    ) -> AsyncGenerator[Draft, None]:
        """Yield the sentences of a draft, each as soon as it is complete.

        Args:
            instructions: what to do.
            document: what to do it with.
            most_tokens: that it may write.
            count_tokens: receives how many it read and wrote, even if it fails.

        Raises:
            WriterFailure: there is no usable text, or no more of it.
        """
        drafts: asyncio.Queue[Draft | None] = asyncio.Queue()

        async def receive() -> None:
            # In a task of its own, so that proving a sentence takes no time from the model's.
            received = 0
            try:
                async with asyncio.timeout(self._timeout_s):
                    async for sentences, is_whole in self._stream(instructions, document, most_tokens, count_tokens):
                        # The last one may still grow.
                        for each in sentences[received : None if is_whole else -1]:
                            received += 1
                            drafts.put_nowait(_draft(each))
            finally:
                drafts.put_nowait(None)

        receiving = asyncio.create_task(receive())
        try:
            while (draft := await drafts.get()) is not None:
                yield draft
            await receiving
        except Exception as error:
            raise _failure(error) from error
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)

    async def _stream(
        self, instructions: str, document: str, most_tokens: int, count_tokens: Callable[[int], None]
    ) -> AsyncIterator[tuple[list[DraftedSentence], bool]]:
        """Yield the sentences so far, and whether these are all."""
        while True:
            agent, has_begun, received = self._agent(DraftedSentences, instructions, most_tokens), False, ""
            try:
                async with agent.run_stream(document) as run:
                    try:
                        async for partial in run.stream_output(debounce_by=None):
                            has_begun, received = True, partial.model_dump_json()
                            yield partial.sentences, False
                        yield (await run.get_output()).sentences, True
                    finally:
                        # Some servers tell no numbers while they stream.
                        count_tokens(_told(run) or estimate_tokens(instructions, document, received))
            except Exception as error:
                if has_begun or not self._can_ask_otherwise(error):
                    raise
            else:
                return

    async def ask_questions(self, instructions: str, document: str, count_tokens: Callable[[int], None]) -> list[str]:
        """Return further questions that the model proposes. Raises as `stream_sentences` does."""
        try:
            async with asyncio.timeout(self._timeout_s):
                try:
                    run = await self._agent(PlannedQuestions, instructions, PLAN_TOKENS).run(document)
                except Exception as error:
                    if not self._can_ask_otherwise(error):
                        raise
                    run = await self._agent(PlannedQuestions, instructions, PLAN_TOKENS).run(document)
        except Exception as error:
            raise _failure(error) from error
        count_tokens(_told(run) or estimate_tokens(instructions, document))
        return [" ".join(each.split()) for each in run.output.questions if each.strip()]

    async def close(self) -> None:
        """Close the connections to the server."""
        model, self._model = self._model, None
        if model is not None and (client := getattr(model, "client", None)) is not None:
            await client.close()

    def _can_ask_otherwise(self, error: Exception) -> bool:
        """Return whether a server may have failed at the schema only; then it is asked without from now on."""
        status = getattr(error, "status_code", None)
        may_help = self._takes_schemas and status in _SCHEMA_UNKNOWN and self._endpoint.dialect is not Dialect.ANTHROPIC
        if may_help:
            self._takes_schemas = False
        return may_help

    def _agent(self, output: type[Output], instructions: str, most_tokens: int) -> "Agent[None, Output]":
        from pydantic_ai import Agent, ModelSettings, NativeOutput, PromptedOutput  # noqa: PLC0415

        model = self._loaded()
        has_schemas = self._takes_schemas and bool(model.profile.get("supports_json_schema_output"))
        settings = ModelSettings(max_tokens=most_tokens, temperature=0.0, max_retries=RETRIES, timeout=self._timeout_s)
        if self._endpoint.dialect is not Dialect.ANTHROPIC and not self._endpoint.is_vendors:
            # Other servers know the older name only, and would write to the end of their memory.
            more: dict[str, object] = {"max_tokens": most_tokens}
            if not has_schemas:
                # As llama-cpp-python's server takes a schema; others ignore it.
                more["response_format"] = {"type": "json_object", "schema": output.model_json_schema()}
            settings["extra_body"] = more
        # Never the library's default of a tool call: the model gets no tools.
        return Agent(
            model,
            output_type=NativeOutput(output) if has_schemas else PromptedOutput(output),
            instructions=instructions,
            model_settings=settings,
            retries=0,
        )

    def _loaded(self) -> "Model":
        if self._model is None:
            try:
                self._model = _load(self._endpoint, self._timeout_s)
            except ImportError as error:
                raise WriterMissing from error
        return self._model


def estimate_tokens(*texts: str) -> int:
    """Return about how many tokens texts have; more rather than less, of English in most vocabularies."""
    return sum(len(text) // _CHARACTERS_PER_TOKEN + 1 for text in texts)


def _told(run: Any) -> int:  # noqa: ANN401 - a run of either kind
    """Return the tokens that a server says it took; 0 if it says none that make sense."""
    told = run.usage.total_tokens
    return min(told, _MOST_TOLD) if told > 0 else 0


def _load(endpoint: Endpoint, timeout_s: float) -> "Model":
    from bot.writer.bounded_http import make_client  # noqa: PLC0415

    # A local server wants no key, but the client insists on one.
    key = endpoint.key or "none"
    client = make_client(endpoint, timeout_s)
    if endpoint.dialect is Dialect.ANTHROPIC:
        from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
        from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

        return AnthropicModel(
            endpoint.model, provider=AnthropicProvider(api_key=key, base_url=endpoint.url, http_client=client)
        )
    if endpoint.dialect is Dialect.OLLAMA:
        from pydantic_ai.models.ollama import OllamaModel  # noqa: PLC0415
        from pydantic_ai.providers.ollama import OllamaProvider  # noqa: PLC0415

        return OllamaModel(
            endpoint.model, provider=OllamaProvider(api_key=key, base_url=endpoint.url, http_client=client)
        )
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

    return OpenAIChatModel(
        endpoint.model, provider=OpenAIProvider(api_key=key, base_url=endpoint.url, http_client=client)
    )


def _draft(sentence: DraftedSentence) -> Draft:
    text = " ".join(sentence.text[: 4 * LONGEST_SENTENCE].split())
    return Draft(text, tuple(dict.fromkeys(sentence.quotes[:MAX_CITATIONS])))


def _failure(error: Exception) -> WriterFailure:
    """Return what an exception of the client means; the client's own texts may repeat the prompt."""
    from pydantic_ai import exceptions as known  # noqa: PLC0415

    if isinstance(error, WriterFailure):
        return error
    status = getattr(error, "status_code", None)
    told = f"{type(error).__name__}{f' with status {status}' if status else ''}."
    is_timeout = isinstance(error, known.ModelTimeoutError)
    if isinstance(error, known.ModelConnectionError) and error.phase == "read" and not is_timeout:
        return WriterFailure(Outcome.BROKEN, told)
    kinds: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Outcome], ...] = (
        ((TimeoutError, known.ModelTimeoutError, known.ModelRequestTimeout), Outcome.TIMEOUT),
        (known.ContentFilterError, Outcome.REFUSED),
        ((known.ModelRateLimitError, known.ModelQuotaExceededError), Outcome.LIMITED),
        (known.ModelConnectionError, Outcome.UNREACHABLE),
        (known.ModelRequestRejectedError, Outcome.REJECTED),
        (known.UnexpectedModelBehavior, Outcome.NONSENSE),
        (known.ModelAPIError, Outcome.BROKEN),
    )
    return WriterFailure(next((outcome for kind, outcome in kinds if isinstance(error, kind)), Outcome.BROKEN), told)
