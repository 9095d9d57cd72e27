"""Where the language model of the writer is reached: dialect, model, address and key."""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from corpus.errors import BadInput

_FORMAT = "It must look like ollama:qwen3:4b, openai:gpt-5-mini or anthropic:claude-haiku-4-5."
_URL_FORMAT = "It must look like http://127.0.0.1:8080/v1."


class Dialect(StrEnum):
    """The protocol that a server speaks; llama.cpp, vLLM and LM Studio speak that of OpenAI."""

    OLLAMA = "ollama"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"


_DEFAULT_URLS = {
    Dialect.OLLAMA: "http://127.0.0.1:11434/v1",
    Dialect.OPENAI: "https://api.openai.com/v1",
    Dialect.ANTHROPIC: "https://api.anthropic.com",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One language model.

    Attributes:
        dialect: what its server speaks.
        model: its name there.
        url: the address of the server's API.
        key: a secret; empty if the server wants none.
    """

    dialect: Dialect
    model: str
    url: str
    key: str = field(default="", repr=False)

    @property
    def is_vendors(self) -> bool:
        """Whether it is the server of the company that the dialect is named after."""
        return self.url == _DEFAULT_URLS[self.dialect] and self.dialect is not Dialect.OLLAMA

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine, so that nothing leaves it."""
        host = urlsplit(self.url).hostname or ""
        if host == "localhost":
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def parse_endpoint(writer: str, url: str = "", key: str = "") -> Endpoint:
    """Parse `dialect:model`; without `url`, the dialect's usual address.

    Raises:
        BadInput: the model or the address has another form; the message repeats no part of the address.
    """
    name, _, model = writer.strip().partition(":")
    if name.lower() not in set(Dialect) or not model.strip() or not model.isprintable():
        raise BadInput(_FORMAT)
    dialect = Dialect(name.lower())
    return Endpoint(dialect, model.strip(), _checked_url(url.strip()) or _DEFAULT_URLS[dialect], key)


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_right = not url or (parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_right = False
    if not is_right or " " in url or not url.isprintable():
        raise BadInput(_URL_FORMAT)
    # A password in it would be printed with the address.
    if url and urlsplit(url).username is not None:
        raise BadInput("It must hold no user or password; use ATTACHE_WRITER_KEY.")
    return url.rstrip("/")
