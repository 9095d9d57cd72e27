"""Every setting with its default, read from the environment and `.env`."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.server_addresses import MailServer, Proxy, is_mail_address
from bot.writer.endpoint import Endpoint, parse_endpoint
from corpus.errors import AttacheError, BadInput
from corpus.fetch.options import AllowedHosts
from index.embedding.device import AUTO, DEVICES
from index.embedding.models import PACKAGED_MODEL
from index.milvus.address import MilvusAddress

T = TypeVar("T")

PREFIX = "ATTACHE_"
# Bytes of a path (linux/limits.h).
_LONGEST_PATH = 4_096
# Characters of a secret that signs.
_SHORTEST_SECRET = 16


class BadSettings(AttacheError):
    """A setting is unknown or has an invalid value."""


class Settings(BaseSettings):
    """The settings of one process. Built in `main` and passed down."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file_encoding="utf-8", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(Path("data"), description="Folder with the database and the vector index.")
    model: str = Field(
        PACKAGED_MODEL,
        min_length=1,
        max_length=_LONGEST_PATH,
        description="Embedding model: the packaged default, or a sentence-transformers model by name or folder.",
    )
    reader: str = Field(
        "",
        max_length=_LONGEST_PATH,
        description=(
            "What reads quotes with a question to confirm verdicts: empty for the packaged reader, a folder with other"
            " weights of it, or an entailment cross-encoder by name or folder."
        ),
    )
    reranker: str = Field(
        "",
        max_length=_LONGEST_PATH,
        description="Cross-encoder that reranks the best passages, by name or folder; optional.",
    )
    index: SecretStr = Field(
        SecretStr(""),
        description=(
            "Where vectors and words are searched: empty for the data folder, or a Milvus server such as"
            " milvus://host:19530/name?token=user:password; a secret, since it may contain a password."
        ),
    )
    answering: int = Field(
        1, ge=1, le=64, description="How many processes answer the bot's questions; 1 for a thread of the bot itself."
    )
    device: str = Field(
        AUTO,
        pattern=f"^({DEVICES})$",
        description=(
            "What models run on: auto for a GPU or another accelerator if torch sees one, or cpu, cuda, cuda:1, mps or"
            " xpu."
        ),
    )
    quotes: int = Field(4, ge=1, le=10, description="Maximum number of quotes in an answer.")
    passages_per_article: int = Field(
        3, ge=1, le=20, description="Maximum number of passages from one article in a result."
    )
    discord_token: SecretStr = Field(SecretStr(""), description="Token of the Discord bot; a secret.")
    discord_token_file: Path | None = Field(
        None, description="File with the token, such as a mounted secret, instead of the token itself."
    )
    proxy: SecretStr = Field(
        SecretStr(""),
        description="Proxy for connections to Discord, http://host:port; a secret, since it may contain a password.",
    )
    operators: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Discord user ids, comma-separated, of people who may change the shared collection in Discord."
    )
    message_content: bool = Field(
        False,
        description="Whether to request the content of messages that don't mention the bot (a privileged intent).",
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Port for metrics and health checks of the running bot; 0 for none."
    )
    metrics_host: str = Field("127.0.0.1", min_length=1, description="Address to open the metrics port on.")
    web_url: str = Field(
        "", max_length=200, description="Address of the page of `attache web`, which the bot then links to."
    )
    web_token: SecretStr = Field(SecretStr(""), description="Token that readers of that page need; a secret.")
    web_token_file: Path | None = Field(
        None, description="File with that token, such as a mounted secret, instead of the token itself."
    )
    log_format: Literal["console", "json"] = Field("console", description="Log lines for people or for machines.")
    max_article_mb: int = Field(20, ge=1, le=1000, description="Maximum size of an article, in megabytes.")
    allowed_hosts: str = Field(
        "", description="Hosts beyond the public web that links may lead to: host or host:port, comma-separated."
    )

    feed_delay_s: float = Field(
        1.0, ge=0, le=60, description="Seconds between two requests to one site while polling feeds."
    )
    articles_per_upload: int = Field(
        2_000, ge=1, le=10_000_000, description="Maximum number of articles in one file added in Discord."
    )
    disk_mb_per_upload: int = Field(
        200, ge=1, le=10_000_000, description="Maximum disk space that such a file may come to take, in megabytes."
    )
    articles_per_server: int = Field(
        100_000, ge=0, le=10_000_000, description="Maximum number of articles in a Discord server's collection."
    )
    disk_mb_per_server: int = Field(
        4_000, ge=0, le=10_000_000, description="Maximum disk space of such a collection, in megabytes."
    )
    feeds_per_server: int = Field(20, ge=0, le=500, description="Maximum number of feeds of a Discord server.")
    watches_per_member: int = Field(20, ge=0, le=200, description="Maximum number of questions that a member watches.")
    watches_per_server: int = Field(
        500, ge=0, le=10_000, description="Maximum number of questions that a Discord server's members watch."
    )

    writer: str = Field(
        "",
        max_length=200,
        description=(
            "Language model that puts answers into sentences, each shown only if the quotes prove it: empty for none,"
            " or ollama:MODEL, openai:MODEL, anthropic:MODEL."
        ),
    )
    writer_url: str = Field(
        "", max_length=2_000, description="Address of the model's API, such as http://127.0.0.1:8080/v1."
    )
    writer_key: SecretStr = Field(SecretStr(""), description="Key of the model's API; a secret.")
    writer_key_file: Path | None = Field(
        None, description="File with the key, such as a mounted secret, instead of the key itself."
    )
    writer_timeout_s: float = Field(60.0, ge=1, le=600, description="Seconds that the model may take for an answer.")
    writer_tokens_per_answer: int = Field(
        6_000, ge=500, le=100_000, description="Maximum number of tokens that the model reads and writes for an answer."
    )
    writer_tokens_per_hour: int = Field(
        200_000, ge=0, le=1_000_000_000, description="Maximum number of tokens in an hour, for each Discord server."
    )
    writer_tokens_per_day: int = Field(
        1_000_000, ge=0, le=1_000_000_000, description="Maximum number of tokens in a day, for each Discord server."
    )
    writer_private: bool = Field(
        False, description="Whether private questions may be sent to a model that runs on another machine."
    )

    mail_from: str = Field(
        "", max_length=320, description="Sender's address of briefs by e-mail, such as attache@example.org."
    )
    mail_command: str = Field(
        "",
        max_length=_LONGEST_PATH,
        description="Command that gets each e-mail on its standard input, such as /usr/sbin/sendmail -t -i.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description=(
            "Mail server, where there is no such command: smtps://user:password@host, or smtp://host with STARTTLS;"
            " a secret."
        ),
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="Secret that signs briefs to webhooks; at least 16 characters."
    )

    @field_validator("operators", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part for part in re.split(r"[\s,]+", value) if part] if isinstance(value, str) else value

    @field_validator("discord_token_file", "writer_key_file", "web_token_file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        # An empty line in .env names no file, rather than the current folder.
        return value or None

    @field_validator("allowed_hosts")
    @classmethod
    def _check_hosts(cls, text: str) -> str:
        _parse(AllowedHosts.parse, text)
        return text

    @field_validator("index", "proxy", "smtp_url")
    @classmethod
    def _check_secret_address(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        parsers: dict[str, Callable[[str], object]] = {
            "index": MilvusAddress.parse,
            "proxy": Proxy.parse,
            "smtp_url": MailServer.parse,
        }
        _parse(parsers[info.field_name or ""], _text(secret))
        return secret

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, text: str) -> str:
        if text and not is_mail_address(text):
            raise PydanticCustomError("mail", "it isn't an e-mail address")
        return text

    @field_validator("webhook_secret")
    @classmethod
    def _check_webhook_secret(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < _SHORTEST_SECRET:
            raise PydanticCustomError("secret", "it is too short to be secret")
        return secret

    @field_validator("web_url")
    @classmethod
    def _check_web_url(cls, text: str) -> str:
        parts = urlsplit(text.strip())
        is_address = parts.scheme in {"http", "https"} and parts.hostname and text.strip().isprintable()
        if text.strip() and (not is_address or parts.path.strip("/") or parts.query or parts.fragment or "@" in text):
            raise PydanticCustomError("url", "it must look like https://news.example or http://127.0.0.1:8001")
        return text.strip().rstrip("/")

    @field_validator("writer")
    @classmethod
    def _check_writer(cls, text: str) -> str:
        _parse(parse_endpoint, text.strip())
        return text.strip()

    @field_validator("writer_url")
    @classmethod
    def _check_writer_url(cls, text: str) -> str:
        endpoint = _parse(lambda url: parse_endpoint("openai:any", url), text.strip())
        return endpoint.url if endpoint else ""

    @property
    def web_secret(self) -> str:
        """The token of the page of `attache web`; empty without one.

        Raises:
            BadSettings: the file with it can't be read.
        """
        token = _text(self.web_token)
        if token or self.web_token_file is None:
            return token
        if not (token := _read_secret(self.web_token_file, "token")):
            raise BadSettings(f"The token file {self.web_token_file} is empty.", "Put the token into it.")
        return token

    @property
    def writer_endpoint(self) -> Endpoint | None:
        """The language model of the writer; None without one.

        Raises:
            BadSettings: the file with its key can't be read.
        """
        if not self.writer:
            return None
        key = _text(self.writer_key)
        if not key and self.writer_key_file is not None:
            key = _read_secret(self.writer_key_file, "key")
        return parse_endpoint(self.writer, self.writer_url, key)

    @property
    def milvus(self) -> MilvusAddress | None:
        """The server with the index; None where the data folder has it."""
        return MilvusAddress.parse(address) if (address := _text(self.index)) else None

    @property
    def mail_server(self) -> MailServer | None:
        """The mail server; None without one."""
        return MailServer.parse(address) if (address := _text(self.smtp_url)) else None

    @property
    def discord_proxy(self) -> Proxy | None:
        """The proxy for connections to Discord; None for a direct connection."""
        return Proxy.parse(address) if (address := _text(self.proxy)) else None

    @classmethod
    def load(cls, env_file: Path | None = Path(".env"), **overrides: object) -> Self:
        """Load the settings; overrides take precedence over the environment, and the environment over the file.

        Raises:
            BadSettings: a setting is unknown or has an invalid value.
        """
        _refuse_unknown(os.environ, set(cls.model_fields))
        if env_file is not None and env_file.is_fifo():
            # Reading it would wait for whoever writes to it, perhaps for ever.
            raise BadSettings(
                f"The settings file {env_file} is a named pipe.",
                "Replace it with a file; you can start from a copy of .env.example.",
            )
        given = {key: value for key, value in overrides.items() if value is not None}
        try:
            return cls(_env_file=env_file, **given)  # type: ignore[call-arg,arg-type] # pydantic-settings' own keywords
        except ValidationError as error:
            raise BadSettings(_explain(error), "See .env.example for all settings and their values.") from error
        except UnicodeDecodeError as error:
            raise BadSettings(
                f"The settings file {env_file} isn't UTF-8 text.",
                "Save it as UTF-8; you can start from a copy of .env.example.",
            ) from error


def _text(secret: SecretStr) -> str:
    return secret.get_secret_value().strip()


def _parse(parse: Callable[[str], T], text: str) -> T | None:
    """Parse a setting; an empty one is None.

    Raises:
        PydanticCustomError: it can't be parsed; the message has no full stop, since ours adds one.
    """
    try:
        return parse(text) if text else None
    except BadInput as error:
        # Not chained: the text may contain a password.
        raise PydanticCustomError("setting", "{why}", {"why": error.message.rstrip(".")}) from None


def _read_secret(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"The {what} file {path} can't be read.", "Check the path and its permissions.") from error


def _refuse_unknown(environment: Mapping[str, str], known: set[str]) -> None:
    for key in environment:
        if key.upper().startswith(PREFIX) and key[len(PREFIX) :].lower() not in known:
            raise BadSettings(f"Unknown setting {key} in the environment.", "See .env.example for all settings.")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    place = str(first["loc"][0]) if first["loc"] else ""
    name = place.upper() if place.upper().startswith(PREFIX) else f"{PREFIX}{place.upper()}"
    if first["type"] == "extra_forbidden":
        return f"Unknown setting {place.upper()} in the settings file."
    why = first["msg"]
    # In a list, which of its values.
    at = next((f"value {part + 1}: " for part in first["loc"][1:] if isinstance(part, int)), "")
    return f"The setting {name} can't be used: {at}{why[:1].lower()}{why[1:]}."
