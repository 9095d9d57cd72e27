"""Translates failures to connect to Discord into errors with one sentence and a hint each."""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import zstandard

from bot.settings import BadSettings
from corpus.errors import AttacheError

TOKEN_HINT = "Put the bot's token into ATTACHE_DISCORD_TOKEN in .env; docs/discord.md tells how to get one."  # noqa: S105 - a sentence, not a secret
_INTENT_HINT = (
    "Switch the Message Content Intent on in the developer portal, or take ATTACHE_MESSAGE_CONTENT out of .env."
)
# discord.com/developers/docs/topics/opcodes-and-status-codes: authentication failed.
_AUTHENTICATION_FAILED = 4004
_CODE_HINT = "Discord explains it under developers/docs/topics/opcodes-and-status-codes; then start the bot again."
_REFUSED_HINT = "After too many refused requests Discord bans an address for a while: wait, then start the bot again."


@asynccontextmanager
async def translate_discord_errors() -> AsyncIterator[None]:
    """Translate errors of discord.py and of the network.

    Raises:
        BadSettings: a setting has to be changed: the token, an intent, the proxy's password.
        AttacheError: any other failure.
    """
    try:
        yield
    except discord.LoginFailure as error:
        raise BadSettings("Discord does not accept the bot's token.", TOKEN_HINT) from error
    except discord.PrivilegedIntentsRequired as error:
        raise BadSettings("Discord does not let this bot read the content of messages.", _INTENT_HINT) from error
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            raise BadSettings("Discord does not accept the bot's token.", TOKEN_HINT) from error
        raise AttacheError(f"Discord ended the connection with code {error.code}.", _CODE_HINT) from error
    except (aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound, OSError) as error:
        raise _unreachable(error) from error
    except (zlib.error, zstandard.ZstdError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise AttacheError("Discord sent data that can't be read.", "Start the bot again.") from error
    except discord.HTTPException as error:
        raise AttacheError(f"Discord refuses the bot's requests (status {error.status}).", _REFUSED_HINT) from error


def _unreachable(error: Exception) -> AttacheError:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        if error.status == 407:
            return BadSettings(
                "The proxy refuses the user or password in ATTACHE_PROXY.",
                "Write special characters %-encoded: http://user:p%40ss@host:3128.",
            )
        return AttacheError(
            f"The proxy in ATTACHE_PROXY does not lead to Discord (status {error.status}).",
            "It has to let connections to discord.com, gateway.discord.gg and cdn.discordapp.com through.",
        )
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return AttacheError(
            f"The proxy {error.host}:{error.port} can't be reached ({error.strerror or error.os_error}).",
            "Check ATTACHE_PROXY and that the proxy runs, then start the bot again.",
        )
    return AttacheError(f"Discord can't be reached ({error}).", "Check the network, then start the bot again.")
