"""A server that speaks the dialects of OpenAI and Anthropic over real sockets, and fails as a script says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Sentence = tuple[str, list[int]]
# What it does instead of answering: an HTTP status, one of the words of `_Handler._stream`, or bytes, head and all.
Fault = int | str | Callable[[], Iterator[bytes]]
# What happens in the middle of a draft that follows behind a "|".
FAULTS = {"cut", "pause", "stall"}


def head(kind: str = "text/event-stream", status: str = "200 OK", more: str = "") -> bytes:
    """The head of a reply that ends with its connection."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n{more}\r\n".encode()


def delta(text: str, **more: Any) -> bytes:
    """An event of a reply that brings a piece of a draft, in the dialect of OpenAI."""
    choices = [{"index": 0, "delta": {"content": text}, "finish_reason": None}]
    whole = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
    return _event({**whole, **more}).encode()


def sentences(*said: Sentence) -> str:
    """What a model writes as its draft."""
    return json.dumps({"sentences": [{"text": text, "quotes": quotes} for text, quotes in said]})


class ModelServer:
    """Replies to each request with the next item of its script; the last one is repeated."""

    def __init__(self, *script: str | Fault) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.times: list[float] = []
        # Bytes of the replies that came as bytes, as far as they were taken.
        self.sent = 0
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.model = self  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next(self) -> str | Fault:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def documents(self) -> list[dict[str, Any]]:
        """The JSON documents that were sent as prompts."""
        return [json.loads(_text(each["messages"][-1]["content"])) for each in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        model: ModelServer = self.server.model  # type: ignore[attr-defined]
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model.requests.append(request)
        model.times.append(time.monotonic())
        item = model.next()
        is_anthropic = self.path.endswith("/messages")
        try:
            if callable(item):
                self.close_connection = True
                for piece in item():
                    self.wfile.write(piece)
                    model.sent += len(piece)
            elif isinstance(item, int):
                self._fail(item, is_anthropic)
            elif request.get("stream"):
                self._stream(item, model, is_anthropic)
            else:
                self._whole(item, is_anthropic)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def _fail(self, status: int, is_anthropic: bool) -> None:
        error = {"type": "error", "message": "scripted", "code": None, "param": None}
        body = json.dumps({"type": "error", "error": error} if is_anthropic else {"error": error}).encode()
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "0")
        self._end(body)

    def _whole(self, text: str, is_anthropic: bool) -> None:
        usage = {"input_tokens": 100, "output_tokens": 10}
        if is_anthropic:
            content = {
                "id": "m", "type": "message", "role": "assistant", "model": "scripted", "stop_reason": "end_turn",
                "stop_sequence": None, "content": [{"type": "text", "text": text}], "usage": usage,
            }  # fmt: skip
        else:
            content = {
                "id": "c", "object": "chat.completion", "created": 1, "model": "scripted",
                "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
                "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
            }  # fmt: skip
        self.send_response(200)
        self._end(json.dumps(content).encode())

    def _end(self, body: bytes) -> None:
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, item: str, model: ModelServer, is_anthropic: bool) -> None:
        """Send a draft piece by piece: `hang` waits, `hold` first, `pause` in the middle, `cut` ends there.

        `stall` waits there and ends then.
        """
        if item == "hang":
            model.released.wait()
            return
        if item.startswith("hold|"):
            model.released.wait()
            item = item.removeprefix("hold|")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        fault, _, text = item.partition("|") if item.split("|", maxsplit=1)[0] in FAULTS else ("", "", item)
        text = "a" * 1_000 if item == "letters" else text
        pieces = [text[at : at + 16] for at in range(0, len(text), 16)]
        # As it stands in the event that carries it.
        breaks_at = json.dumps(pieces[min(11, len(pieces) - 1)])[1:-1] if pieces else ""
        for event in self._anthropic(pieces, item) if is_anthropic else self._openai(pieces, item):
            self.wfile.write(f"{len(event.encode()):x}\r\n{event}\r\n".encode())
            self.wfile.flush()
            if fault and event.count('"index"') and breaks_at and breaks_at in event:
                if fault != "cut":
                    model.released.wait()
                if fault == "pause":
                    continue
                self.close_connection = True
                # Without the last chunk and its marker.
                self.connection.shutdown(2)
                return
        self.wfile.write(b"0\r\n\r\n")

    def _openai(self, pieces: list[str], item: str) -> Iterator[str]:
        def chunk(delta: dict[str, Any], reason: str | None = None) -> str:
            choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
            return _event(
                {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices}
            )

        yield chunk({"role": "assistant", "content": ""})
        if item == "refusal":
            yield chunk({"refusal": "I can't help with that."})
            yield chunk({}, "content_filter")
        else:
            for piece in pieces:
                yield chunk({"content": piece})
            yield chunk({}, "length" if item == "letters" else "stop")
        usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        last = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
        yield _event(last)
        yield "data: [DONE]\n\n"

    def _anthropic(self, pieces: list[str], item: str) -> Iterator[str]:
        def event(kind: str, **fields: Any) -> str:
            return f"event: {kind}\n{_event({'type': kind, **fields})}"

        message = {
            "id": "m", "type": "message", "role": "assistant", "model": "scripted", "content": [], "stop_reason": None,
            "stop_sequence": None, "usage": {"input_tokens": 100, "output_tokens": 1},
        }  # fmt: skip
        yield event("message_start", message=message)
        yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for piece in [] if item == "refusal" else pieces:
            yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})
        yield event("content_block_stop", index=0)
        reason = {"refusal": "refusal", "letters": "max_tokens"}.get(item, "end_turn")
        yield event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={"output_tokens": 20})
        yield event("message_stop")


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content)}\n\n"
