"""Logging of the bot's process: structured lines for people or machines, without secrets and questions."""

import logging
import re
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Three parts, dot-separated: the application's id, a time, a signature (discord.com/developers/docs/reference).
_TOKEN = re.compile(r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}")
# Interaction and webhook URLs contain a token too, valid for 15 minutes.
_REPLY = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?]+")
# Proxy credentials (RFC 7617).
_BASIC = re.compile(r"\bBasic [A-Za-z0-9+/]+=*")
# discord.com/developers/docs/topics/opcodes-and-status-codes
_UNKNOWN_INTERACTION = 10062


def configure_logging(form: Literal["console", "json"]) -> None:
    """Send the logs of this project and its libraries to standard error, one line per record."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form == "json":
        last += [
            structlog.processors.format_exc_info,
            redact_tokens,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last += [
            redact_tokens,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()], processors=last))
    # Silences discord.py's missing-voice warning.
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT" not in record.getMessage())
    # Links that admins add are private, and may contain a password.
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # Completions that miss Discord's three seconds are harmless; the library logs each with a traceback.
    logging.getLogger("discord.app_commands.tree").addFilter(lambda record: not _is_late(record))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)


def redact_tokens(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace whatever looks like a token in every field (a structlog processor)."""
    return {key: _without_tokens(value) if isinstance(value, str) else value for key, value in event.items()}


def _without_tokens(text: str) -> str:
    return _REPLY.sub(r"\1(token)", _TOKEN.sub("(token)", _BASIC.sub("Basic (password)", text)))


def _is_late(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return getattr(error, "code", None) == _UNKNOWN_INTERACTION


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Also redacts tokens in tracebacks, which are formatted last."""

    def format(self, record: logging.LogRecord) -> str:
        return _without_tokens(super().format(record))
