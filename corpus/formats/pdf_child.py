"""The subprocess that reads one PDF from standard input and prints JSON; imports nothing else of this package."""

import json
import logging
import signal
import sys
from collections.abc import Callable
from io import BytesIO

# Books have 1,000 pages; longer reports and proceedings are better split.
MAX_PAGES = 2_000
# A full page takes 20 to 100 ms; only a hostile one takes longer than this.
PAGE_TIMEOUT_S = 4.0
# Address space; the parser itself needs 60 MB of it.
MAX_MEMORY_BYTES = 300 * 1024 * 1024
MAX_CHARACTERS = 20_000_000


def main() -> None:
    """Read and print; SIGALRM ends the process if a page takes too long."""
    _limit_memory()
    logging.disable(logging.CRITICAL)
    raw = sys.stdin.buffer.read()
    _tick()
    try:
        result = read(raw, _tick)
    except MemoryError:
        result = {"refused": "memory"}
    except Exception as error:  # noqa: BLE001 - hostile input may raise anything; the parent reports it
        result = {"refused": _refusal(error)}
    sys.stdout.write(json.dumps(result))


def _refusal(error: Exception) -> str:
    name = type(error).__name__
    # It knows passwords, and no certificates or rights management (ISO 32000-2, 7.6.5).
    if name == "NotImplementedError":
        return "protected"
    # pypdf raises it where AES needs the package cryptography, which some systems can't install.
    if name == "DependencyError":
        return "encrypted"
    return "password" if "crypt" in name.lower() or name == "WrongPasswordError" else "damaged"


def read(raw: bytes, tick: Callable[[], None] = lambda: None) -> dict[str, object]:
    """Return the text of each page and the metadata; call `tick` before each step."""
    import pypdf  # noqa: PLC0415 - only after memory is limited

    reader = pypdf.PdfReader(BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"refused": "password"}
    # The stated count: counting pages could take forever.
    count = reader.get_num_pages()
    if count > MAX_PAGES:
        return {"refused": "pages", "count": count}
    pages: list[str] = []
    size = pictures = failed = 0
    for page in reader.pages:
        tick()
        if len(pages) >= MAX_PAGES:
            return {"refused": "pages", "count": len(pages) + 1}
        try:
            text = page.extract_text()
            pictures += not text.strip() and "/XObject" in (page.get("/Resources") or {})
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a broken page costs only that page
            text, failed = "", failed + 1
        size += len(text)
        if size > MAX_CHARACTERS:
            return {"refused": "memory"}
        pages.append(text)
    tick()
    return {"pages": pages, "pictures": pictures, "failed": failed, **_metadata(reader)}


def _metadata(reader: object) -> dict[str, object]:
    found: dict[str, object] = {}
    try:
        stated = getattr(reader, "metadata", None) or {}
        found["title"], found["author"] = stated.get("/Title"), stated.get("/Author")
        found["created"] = stated.get("/CreationDate")
        found["language"] = getattr(reader, "root_object", {}).get("/Lang")
        packet = getattr(reader, "xmp_metadata", None)
        dates = [str(date) for date in getattr(packet, "dc_date", None) or []]
        found["published"] = dates[0] if dates else None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001, S110 - broken metadata counts as none
        pass
    return {key: str(value)[:1000] for key, value in found.items() if value is not None}


def _tick() -> None:
    """Restart the timer that ends the process, even inside C code."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, PAGE_TIMEOUT_S)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
