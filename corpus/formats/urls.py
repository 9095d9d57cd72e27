"""Canonical URLs: one spelling per page."""

from urllib.parse import SplitResult, urlsplit, urlunsplit

_TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid",
    "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "vero_id",
    "oly_anon_id", "oly_enc_id", "wt_mc", "ocid", "cmpid", "ftag", "smid", "at_medium", "at_campaign",
})  # fmt: skip

_MAX_LENGTH = 2_000


def canonical_url(text: str) -> str | None:
    """Return the canonical form of an http(s) URL, or None if `text` isn't one.

    Scheme and host are in lower case; fragment, user name, default port and tracking parameters are dropped.
    """
    text = text.strip()
    if not text or len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        host = _host(parts)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", _without_tracking(parts.query), ""))


def _host(parts: SplitResult) -> str:
    """Return host and port; raise ValueError for an invalid port."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if parts.port in {None, default} else f"{host}:{parts.port}"


def _without_tracking(query: str) -> str:
    """Drop tracking parameters; keep the others byte for byte, since servers differ on encodings."""
    named = ((pair.partition("=")[0].lower(), pair) for pair in query.split("&") if pair)
    return "&".join(pair for name, pair in named if name not in _TRACKING and not name.startswith("utm_"))
