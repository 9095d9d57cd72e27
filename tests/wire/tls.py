"""The certificate of the server, and the way of a client to it: any host leads to loopback."""

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

HOSTS = ("discord.com", "gateway.discord.gg", "gateway-loop.discord.gg", "cdn.discordapp.com", "media.discordapp.net")


@dataclass(frozen=True)
class Certificates:
    """Those of the server, signed by an authority that only its clients trust."""

    authority: trustme.CA
    server: ssl.SSLContext

    @classmethod
    def make(cls) -> "Certificates":
        authority = trustme.CA()
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*HOSTS).configure_cert(server)
        return cls(authority, server)

    def write_authority(self, path: Path) -> Path:
        """For a client in another process."""
        self.authority.cert_pem.write_to_path(str(path))
        return path


class ToLoopback(AbstractResolver):
    """Leads every host to one port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = ResolveResult(
            hostname=host,
            host="127.0.0.1",
            port=self._port,
            family=socket.AF_INET,
            proto=0,
            flags=socket.AI_NUMERICHOST,
        )
        return [found]

    async def close(self) -> None:
        """Nothing to close."""


def loopback_connector(port: int, authority: ssl.SSLContext) -> aiohttp.TCPConnector:
    """Reaches the server on this port, whatever host is asked for; made while an event loop runs."""
    return aiohttp.TCPConnector(resolver=ToLoopback(port), ssl=authority, limit=0, use_dns_cache=False)


def trusting(authority_pem: str) -> ssl.SSLContext:
    """A client's context that trusts only this authority."""
    return ssl.create_default_context(cadata=authority_pem)
