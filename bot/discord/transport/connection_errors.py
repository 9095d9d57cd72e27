"""Why Discord can't be reached or does not want the bot, each in a sentence."""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.settings import BadSettings
from corpus.errors import AttacheError

TOKEN_HINT = "Put the bot's token into ATTACHE_DISCORD_TOKEN in .env; docs/discord.md tells how to get one."  # noqa: S105 - a sentence, not a secret
_INTENT_HINT = (
    "Switch the Message Content Intent on in the developer portal, or take ATTACHE_MESSAGE_CONTENT out of .env."
)
# discord.com/developers/docs/topics/opcodes-and-status-codes: authentication failed.
_REFUSED_TOKEN = 4004
_CODE_HINT = "Discord explains it under developers/docs/topics/opcodes-and-status-codes; then start the bot again."
_REFUSED_HINT = "After too many refused requests Discord bans an address for a while: wait, then start the bot again."
_WANTS_CREDENTIALS = 407


@asynccontextmanager
async def discord_failures() -> AsyncIterator[None]:
    """Makes a sentence of what the library and the network fail with.

    Raises:
        BadSettings: a setting has to be changed: the token, an intent, the proxy's password.
        AttacheError: everything else.
    """
    try:
        yield
    except discord.LoginFailure as error:
        raise BadSettings("Discord does not accept the bot's token.", TOKEN_HINT) from error
    except discord.PrivilegedIntentsRequired as error:
        raise BadSettings("Discord does not let this bot read the content of messages.", _INTENT_HINT) from error
    except discord.ConnectionClosed as error:
        if error.code == _REFUSED_TOKEN:
            raise BadSettings("Discord does not accept the bot's token.", TOKEN_HINT) from error
        raise AttacheError(f"Discord ended the connection with code {error.code}.", _CODE_HINT) from error
    except (aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound, OSError) as error:
        raise _unreached(error) from error
    except (zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise AttacheError("What Discord sends can't be read.", "Start the bot again.") from error
    except discord.HTTPException as error:
        raise AttacheError(f"Discord refuses the bot's requests (status {error.status}).", _REFUSED_HINT) from error


def _unreached(error: Exception) -> AttacheError:
    if isinstance(error, aiohttp.ClientHttpProxyError):
        if error.status == _WANTS_CREDENTIALS:
            return BadSettings(
                "The proxy wants another user or password than those in ATTACHE_PROXY.",
                "Write what is special in them %-encoded: http://user:p%40ss@host:3128.",
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
