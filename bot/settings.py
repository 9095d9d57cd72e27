"""Every setting, with its default; read from the environment and from `.env`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import AttacheError, BadInput
from corpus.fetch.options import AllowedHosts, is_host_name
from index.embedding.models import PACKAGED_MODEL

PREFIX = "ATTACHE_"
_PROXY_SHAPE = "It is no address like http://host:3128 or http://user:password@host:3128."


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy through which Discord is reached.

    Attributes:
        address: `http://host:port`; never holds the password.
        user: empty where it wants none.
        password: a secret.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> "Proxy":
        """Reads `http://host:port` or `http://user:password@host:port`; what is special in the latter is %-encoded.

        Raises:
            BadInput: it is neither; the sentence repeats nothing of it.
        """
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port or 80
        except ValueError:
            # Not chained: the library's sentence may hold a piece of the password.
            raise BadInput(_PROXY_SHAPE) from None
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        # RFC 7617, 2: a user with a colon can't be told from the password.
        if not _is_plain_proxy(text, parts) or not (is_host_name(host) or ":" in host) or ":" in user:
            raise BadInput(_PROXY_SHAPE)
        return cls(f"http://{f'[{host}]' if ':' in host else host}:{port}", user, password)


class BadSettings(AttacheError):
    """A setting is unknown or has a value that can't be used."""


class Settings(BaseSettings):
    """The settings of one process. Built in `main` and passed down."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file_encoding="utf-8", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(Path("data"), description="Folder that holds the database and the vector index.")
    model: str = Field(
        PACKAGED_MODEL,
        min_length=1,
        description="Embedding model: the packaged default, or a sentence-transformers model by name or folder.",
    )
    reranker: str = Field(
        "",
        description="Cross-encoder that re-orders the best passages, by name or folder; empty for none.",
    )
    quotes: int = Field(4, ge=1, le=10, description="Quotes in an answer, at most.")
    passages_per_article: int = Field(3, ge=1, le=20, description="Passages of one article in a result, at most.")
    discord_token: SecretStr = Field(SecretStr(""), description="Token of the Discord bot; a secret.")
    discord_token_file: Path | None = Field(
        None, description="File that holds the token instead, such as a mounted secret."
    )
    proxy: SecretStr = Field(
        SecretStr(""),
        description="Proxy that Discord is reached through, as http://host:port; a secret, for it may hold a password.",
    )
    operators: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Discord ids of the people who may change the shared collection from Discord, with commas."
    )
    message_content: bool = Field(
        False,
        description="Whether the bot asks Discord for the content of messages that don't mention it (privileged).",
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Local port for metrics and health checks of the running bot; 0 for none."
    )
    metrics_host: str = Field("127.0.0.1", min_length=1, description="Address that this port is opened on.")
    log_format: Literal["console", "json"] = Field("console", description="Log lines for people, or for machines.")
    max_article_mb: int = Field(20, ge=1, le=1000, description="Largest article that is taken in, in megabytes.")
    allowed_hosts: str = Field(
        "", description="Hosts that links may lead to beyond the public web, as host or host:port with commas between."
    )

    feed_delay_s: float = Field(
        1.0, ge=0, le=60, description="Seconds between two requests to one site while feeds are polled."
    )
    feeds_per_server: int = Field(20, ge=0, le=500, description="Feeds that a Discord server may have, at most.")

    @field_validator("operators", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value

    @field_validator("discord_token_file", mode="before")
    @classmethod
    def _none_given(cls, value: object) -> object:
        # An empty line in .env names no file, rather than the present folder.
        return value or None

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, text: str) -> str:
        try:
            AllowedHosts.parse(text)
        except BadInput as error:
            # Its sentence goes into ours, which ends it.
            raise PydanticCustomError("hosts", "{why}", {"why": error.message.rstrip(".")}) from error
        return text

    @field_validator("proxy")
    @classmethod
    def _check_proxy(cls, secret: SecretStr) -> SecretStr:
        try:
            _proxy(secret)
        except BadInput as error:
            raise PydanticCustomError("proxy", "{why}", {"why": error.message.rstrip(".")}) from None
        return secret

    @property
    def discord_proxy(self) -> Proxy | None:
        """What Discord is reached through; None for no proxy."""
        return _proxy(self.proxy)

    @classmethod
    def load(cls, env_file: Path | None = Path(".env"), **overrides: object) -> Self:
        """Reads the settings; overrides win over the environment, the environment over the file.

        Raises:
            BadSettings: a key is unknown, or a value can't be used.
        """
        _refuse_unknown(os.environ, set(cls.model_fields))
        given = {key: value for key, value in overrides.items() if value is not None}
        try:
            return cls(_env_file=env_file, **given)  # type: ignore[call-arg,arg-type] # pydantic-settings' own keywords
        except ValidationError as error:
            raise BadSettings(_explain(error), "See .env.example for every setting and its values.") from error
        except UnicodeDecodeError as error:
            raise BadSettings(
                f"The settings file {env_file} is no UTF-8 text.",
                "Save it as UTF-8; .env.example is one that can be copied.",
            ) from error


def _proxy(secret: SecretStr) -> Proxy | None:
    text = secret.get_secret_value().strip()
    return Proxy.parse(text) if text else None


def _refuse_unknown(environment: Mapping[str, str], known: set[str]) -> None:
    for key in environment:
        if key.upper().startswith(PREFIX) and key[len(PREFIX) :].lower() not in known:
            raise BadSettings(f"The environment has the unknown setting {key}.", "See .env.example for every setting.")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    name = place.upper() if place.upper().startswith(PREFIX) else f"{PREFIX}{place.upper()}"
    if first["type"] == "extra_forbidden":
        return f"The unknown setting {place.upper()} is given."
    return f"The setting {name} can't be used: {first['msg'].lower()}."


def _is_plain_proxy(text: str, parts: SplitResult) -> bool:
    """Whether it names a host and nothing on it."""
    is_clean = text.isprintable() and " " not in text
    return is_clean and parts.scheme == "http" and parts.path in ("", "/") and not (parts.query or parts.fragment)
