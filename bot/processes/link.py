"""Messages of an answering process or the nursery to the bot: whole, in time and of bounded size, or garbled."""

import os
import pickle
import struct
import time
from multiprocessing.connection import Connection
from typing import Any

# Bytes of one message. The longest answers take a tenth of it; what is made of it may take fifty times its memory.
MOST_BYTES = 4 << 20
_LENGTH = struct.Struct("!I")
_STEP = 1 << 16


class Garbled(ConnectionError):
    """What came is no message."""


class TooLong(ValueError):
    """A message is longer than MOST_BYTES."""


def send_message(link: Connection, message: object) -> None:
    """Send a message.

    Raises:
        TooLong: it has too many bytes; nothing was sent.
        OSError: the other end is gone.
    """
    content = pickle.dumps(message)
    if len(content) > MOST_BYTES:
        raise TooLong(f"A message of {len(content):,} bytes is longer than the {MOST_BYTES:,} that one may have.")
    rest = memoryview(_LENGTH.pack(len(content)) + content)
    while rest:
        rest = rest[os.write(link.fileno(), rest) :]


def receive_message(link: Connection, until: float) -> Any:  # noqa: ANN401 - whatever was sent
    """Return the next message.

    Args:
        link: to the sender.
        until: monotonic seconds by which the last byte has to be there, however slowly they come.

    Raises:
        TimeoutError: it is not there by then.
        Garbled: what came is no message; what follows it can't be understood, either.
        EOFError: the other end is gone.
        OSError: the link is broken.
    """
    (length,) = _LENGTH.unpack(_read(link, _LENGTH.size, until))
    if length > MOST_BYTES:
        raise Garbled(f"a message of {length:,} bytes")
    content = _read(link, length, until)
    try:
        return pickle.loads(content)  # noqa: S301 - a process of our own
    except Exception as error:
        raise Garbled(f"{type(error).__name__} while a message was read") from error


def _read(link: Connection, count: int, until: float) -> bytes:
    read = bytearray()
    while len(read) < count:
        if not link.poll(max(0.0, until - time.monotonic())):
            raise TimeoutError
        part = os.read(link.fileno(), min(_STEP, count - len(read)))
        if not part:
            raise EOFError
        read += part
    return bytes(read)
