"""Amounts of bytes, for people."""

_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def size(count: float) -> str:
    """`12.3 MB`."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError("the last unit takes every size")
