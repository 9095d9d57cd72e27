"""Reads one PDF in a process of its own: bytes on standard input, JSON on standard output, nothing of ours imported."""

import json
import logging
import signal
import sys
from collections.abc import Callable
from io import BytesIO

# Books have 1,000 pages; reports and proceedings that have more are better split.
MOST_PAGES = 2_000
# A full page takes 20 to 100 ms; one that takes longer than this was made to be slow.
PAGE_S = 4.0
# The parser needs 60 MB of address space for itself; what a file of the default size may use beside that.
MOST_MEMORY = 300 * 1024 * 1024
MOST_CHARACTERS = 20_000_000


def main() -> None:
    """Reads and prints; a page that takes too long ends the process by SIGALRM."""
    _limit_memory()
    logging.disable(logging.CRITICAL)
    # Read before the result is there: what is printed then is whole or missing.
    raw = sys.stdin.buffer.read()
    _tick()
    try:
        result = read(raw, _tick)
    except MemoryError:
        result = {"refused": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever hostile input does to the parser, the parent is told
        result = {"refused": "password" if "crypt" in type(error).__name__.lower() else "damaged"}
    sys.stdout.write(json.dumps(result))


def read(raw: bytes, tick: Callable[[], None] = lambda: None) -> dict[str, object]:
    """The texts of the pages and what the metadata states; `tick` is called before each step."""
    import pypdf  # noqa: PLC0415 - after the memory was limited

    reader = pypdf.PdfReader(BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"refused": "password"}
    # Stated by the file; counting them would take as long as it likes.
    count = reader.get_num_pages()
    if count > MOST_PAGES:
        return {"refused": "pages", "count": count}
    pages: list[str] = []
    size = pictures = failed = 0
    for page in reader.pages:
        tick()
        if len(pages) >= MOST_PAGES:
            return {"refused": "pages", "count": len(pages) + 1}
        try:
            text = page.extract_text()
            pictures += not text.strip() and "/XObject" in (page.get("/Resources") or {})
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - one broken page costs that page
            text, failed = "", failed + 1
        size += len(text)
        if size > MOST_CHARACTERS:
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
    except Exception:  # noqa: BLE001, S110 - broken metadata is no metadata
        pass
    return {key: str(value)[:1000] for key, value in found.items() if value is not None}


def _tick() -> None:
    """Gives the next step its time; past that, the system ends the process, whatever it is in."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, PAGE_S)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
