"""The subprocess that reads one PDF from standard input and prints JSON; imports nothing else of this package."""

import json
import logging
import math
import signal
import sys
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject

# Books have 1,000 pages; longer reports and proceedings are better split.
MAX_PAGES = 2_000
# A full page takes 20 to 100 ms; only a hostile one takes longer than this.
PAGE_TIMEOUT_S = 4.0
# Address space; the parser itself needs 60 MB of it.
MAX_MEMORY_BYTES = 300 * 1024 * 1024
MAX_CHARACTERS = 20_000_000
# Text, and where known its place along its line, the height of its line, the size of its letters, all in points, and
# the height as a share of the page's.
Run = tuple[str, float | None, float | None, float | None, float | None]
# Sine of the angle from which text goes across a page.
_ACROSS = 0.25
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
# Of a page of single letters.
_MIN_LINES = 20


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
    """Return the runs of each page and the metadata; call `tick` before each step."""
    import pypdf  # noqa: PLC0415 - only after memory is limited

    reader = pypdf.PdfReader(BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"refused": "password"}
    # The stated count: counting pages could take forever.
    count = reader.get_num_pages()
    if count > MAX_PAGES:
        return {"refused": "pages", "count": count}
    pages: list[list[Run]] = []
    size = pictures = failed = 0
    for page in reader.pages:
        tick()
        if len(pages) >= MAX_PAGES:
            return {"refused": "pages", "count": len(pages) + 1}
        try:
            runs = _runs(page)
            is_blank = not any(run[0].strip() for run in runs)
            pictures += is_blank and "/XObject" in (page.get("/Resources") or {})
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a broken page costs only that page
            runs, failed = [], failed + 1
        size += sum(len(run[0]) for run in runs)
        if size > MAX_CHARACTERS:
            return {"refused": "memory"}
        pages.append(runs)
    tick()
    return {"pages": pages, "pictures": pictures, "failed": failed, **_metadata(reader)}


def _runs(page: "PageObject") -> list[Run]:
    """Return the text of a page in runs of one font and place, without texts across it, such as "DRAFT"."""
    bottom, height = float(page.mediabox.bottom), float(page.mediabox.height)
    runs: list[Run] = []
    # How high text is raised: now, and when the run was shown.
    rise = shown = 0.0

    def see_operator(operator: bytes, operands: list[object], _cm: object, _tm: object) -> None:
        nonlocal rise, shown
        if operator == b"Ts":
            rise = float(str(operands[0]))
        elif operator in _SHOWING:
            shown = rise

    def see_text(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if not text:
            return
        # The direction of the line, and how it is scaled.
        right, up = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        scale = math.hypot(right, up)
        if not scale or not math.isfinite(scale):
            runs.append((text, None, None, None, None))
            return
        right, up = right / scale, up / scale
        if min(abs(right), abs(up)) > _ACROSS:
            return
        left, base = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        along, above = left * right + base * up, base * right - left * up + shown * scale
        is_upright = right > 1 - _ACROSS and height > 0
        share = (base - bottom) / height if is_upright else None
        runs.append((text, round(along, 2), round(above, 2), round(abs(size) * scale, 2), share))

    page.extract_text(visitor_operand_before=see_operator, visitor_text=see_text)
    lines = "".join(run[0] for run in runs).split("\n")
    if len(lines) >= _MIN_LINES and sum(len(line.strip()) == 1 for line in lines) > len(lines) / 2:
        # Each letter was placed by itself.
        return [(page.extract_text(extraction_mode="layout"), None, None, None, None)]
    return runs


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
