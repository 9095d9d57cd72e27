"""Formats sizes in bytes."""


def size(count: float) -> str:
    """Return a number of bytes as `12.3 MB`."""
    if count < 1000:
        return f"{count:.0f} bytes"
    for unit in ("KB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} TB"
