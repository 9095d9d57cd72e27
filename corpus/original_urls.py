"""Finds the address of a page behind that of its copy in a web archive or a cache, or of a link that counts clicks."""

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from corpus.urls import canonical_url

# One archive under several names, whose short addresses don't name the page.
_ARCHIVE_TODAY = frozenset({
    "archive.ph", "archive.today", "archive.is", "archive.li", "archive.vn", "archive.md", "archive.fo",
})  # fmt: skip
_SHORT = re.compile(r"/[A-Za-z0-9]{4,8}")
# Archives that name the page in the address of its copy: `/web/20230105123456id_/https://marn.example/mill`
# (Memento, RFC 7089, and what archive.today does).
_ARCHIVES = frozenset({
    *_ARCHIVE_TODAY, "web.archive.org", "wayback.archive.org", "wayback.archive-it.org", "arquivo.pt",
    "webarchive.org.uk",
    "webarchive.nationalarchives.gov.uk", "webarchive.loc.gov", "webarchive.nla.gov.au", "webarchive.parliament.uk",
    "vefsafn.is", "timetravel.mementoweb.org", "swap.stanford.edu", "archive.wikiwix.com", "megalodon.jp",
})  # fmt: skip
_STAMP = r"(?:\d{4,14}(?:[a-z]{2}_|\*)?|\d{4}\.\d\d\.\d\d-\d{6}|\d{4}-\d{4}-\d{4}-\d\d|newest|oldest|cache)"
_ARCHIVED = re.compile(rf"(?:/[\w.-]{{1,40}}){{0,3}}/{_STAMP}/(?P<page>.+)|/(?P<latest>https?:/.+)", re.IGNORECASE)
_INNER = re.compile(r"(?:(https?):/{1,3})?([^/\s:@]{1,250}\.[^/\s:@.\d]{2,60}(?::\d{1,5})?(?:[/?].*)?)", re.IGNORECASE)
# Copies of pages for phones: `/c/s/marn.example/mill`, where `s` stands for https (documentation of AMP, "Caches").
_AMP_CACHES = ("cdn.ampproject.org", "bing-amp.com")
_CACHED = re.compile(r"/(?:amp|[a-z]{1,2})/(s/)?(.+)")
_GOOGLE = re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}")
_GOOGLE_CACHE = "webcache.googleusercontent.com"
_CACHE_QUERY = re.compile(r"cache:(?:[\w-]{8,16}:(?!/))?(\S+)")
# Of links that count clicks or warn, by host: the parameters that hold the address.
_REDIRECTS: dict[str, tuple[str, ...]] = {
    "l.facebook.com": ("u",), "lm.facebook.com": ("u",), "l.instagram.com": ("u",), "www.bing.com": ("url",),
    "out.reddit.com": ("url",), "vk.com": ("to",), "www.youtube.com": ("q",), "duckduckgo.com": ("uddg",),
    "t.umblr.com": ("z",), "archive.wikiwix.com": ("url",), "www.webcitation.org": ("url",),
}  # fmt: skip
_SAFE_LINKS = ".safelinks.protection.outlook.com"
_REDIRECT_PATHS = frozenset({
    "/l.php", "/url", "/redirect", "/away.php", "/l/", "/l", "/", "", "/news/apiclick.aspx", "/cache/", "/query",
})  # fmt: skip
_MAX_QUERY, _MAX_FIELDS = 4_000, 50
# A copy of a copy, behind a link.
_MAX_STEPS = 4


def original_url(text: str) -> str | None:
    """Return the canonical address of the page that an address leads to or is a copy of; None if it isn't one."""
    for _ in range(_MAX_STEPS):
        parts = _split(text)
        inner = (_copied(parts) or _redirected(parts)) if parts else None
        if inner is None:
            break
        text = inner
    return canonical_url(text)


def copied_url(url: str) -> str | None:
    """Return the address of the page that an archive or a cache serves a copy of; None if an address is of no copy."""
    found = None
    for _ in range(_MAX_STEPS):
        parts = _split(url)
        inner = _copied(parts) if parts else None
        if inner is None or canonical_url(inner) is None:
            break
        found = url = inner
    return canonical_url(found) if found else None


def is_unnamed_copy(url: str) -> bool:
    """Return whether an address is of an archive's copy, and doesn't name the page."""
    parts = _split(url)
    return parts is not None and _host(parts) in _ARCHIVE_TODAY and _SHORT.fullmatch(parts.path) is not None


def is_archive_name(name: str) -> bool:
    """Return whether a name is of an archive, which publishes nothing of its own."""
    return name.strip().lower() in _ARCHIVES | {"wayback machine"}


def _copied(parts: SplitResult) -> str | None:
    host = _host(parts)
    after = parts.path + (f"?{parts.query}" if parts.query else "")
    if host in _ARCHIVES and (archived := _ARCHIVED.fullmatch(after)):
        return _inner(archived["page"] or archived["latest"])
    is_cache = host == _AMP_CACHES[0] or host.endswith(tuple(f".{each}" for each in _AMP_CACHES))
    if (is_cache or (_GOOGLE.fullmatch(host) and parts.path.startswith("/amp/"))) and (
        cached := _CACHED.fullmatch(after)
    ):
        return _inner(f"http{'s' if cached[1] else ''}://{cached[2]}")
    if host == _GOOGLE_CACHE:
        query = _CACHE_QUERY.match(_parameter(parts, ("q",)) or "")
        return _inner(query[1]) if query else None
    return None


def _redirected(parts: SplitResult) -> str | None:
    if parts.path not in _REDIRECT_PATHS:
        return None
    host = (parts.hostname or "").lower()
    names: tuple[str, ...] = _REDIRECTS.get(host, ())
    if host.endswith(_SAFE_LINKS):
        names = ("url",)
    if _GOOGLE.fullmatch(host) and parts.path == "/url":
        names = ("url", "q")
    inner = _parameter(parts, names)
    return inner if inner and inner.lower().startswith(("http://", "https://")) else None


def _inner(text: str) -> str | None:
    """Return an address within another one, which may be encoded, lack its scheme, or have lost a slash."""
    if re.match(r"https?%3a", text, re.IGNORECASE):
        text = unquote(text)
    match = _INNER.fullmatch(text.strip())
    return f"{match[1] or 'https'}://{match[2]}" if match else None


def _parameter(parts: SplitResult, names: tuple[str, ...]) -> str | None:
    if not names or not 0 < len(parts.query) <= _MAX_QUERY:
        return None
    try:
        fields = parse_qs(parts.query, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return None
    return next((fields[name][0] for name in names if name in fields), None)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().removeprefix("www.")


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text.strip().replace("&amp;", "&")) if "://" in text and len(text) <= _MAX_QUERY else None
    except ValueError:
        return None
    return parts if parts and parts.scheme.lower() in {"http", "https"} else None
