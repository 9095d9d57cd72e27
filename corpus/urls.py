"""Canonical URLs: one spelling per page, and the other spellings that lead to it."""

import re
import unicodedata
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

_TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "ysclid",
    "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "vero_id", "_openstat",
    "oly_anon_id", "oly_enc_id", "wt_mc", "wt.mc_id", "ocid", "cmpid", "ftag", "smid", "at_medium", "at_campaign",
    "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "guccounter", "guce_referrer",
    "guce_referrer_sig", "xtor", "yadclid", "srsltid", "__twitter_impression", "fb_action_ids", "fb_action_types",
    "fb_source", "wprov", "spm", "cmp", "phpsessid", "jsessionid", "mibextid", "_branch_match_id", "ncid", "wickedid",
    "s_cid", "sc_cid", "sr_share", "taid", "__tn__", "_nc_ht", "rdt_cid", "li_fat_id", "ef_id", "s_kwcid", "gad_source",
    "gad_campaignid", "_kx", "sxsrf", "usqp", "amp_js_v", "amp_gsa", "isappinstalled",
})  # fmt: skip
_TRACKING_STARTS = ("utm_", "mtm_", "pk_", "hsa_", "itm_", "amp;", "stm_", "matomo_", "piwik_", "__cf_chl_")
# Where a reader came from, in parameters that also have other values.
_SHARED = re.compile(
    r"share=(?:twitter|facebook|email|whatsapp|telegram|linkedin|reddit|pocket|tumblr|pinterest|x|mastodon|bluesky)"
    r"|from=(?:singlemessage|groupmessage|timeline)|ref=(?:rss|feed|twitter|facebook|newsletter)"
)
# What asks for the view for phones of the same page.
_AMP_QUERIES = frozenset({"amp", "amp=", "amp=1", "amp=true", "outputtype=amp", "outputtype=valid_amp", "output=amp"})
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]{1,200}", re.IGNORECASE)
# Where servers keep the page of a folder, and the views of a page.
_INDEXES = ("index.html", "index.htm", "index.php")
_VIEWS = ("amp", "print")
_AMP_NAME = re.compile(r"\.amp(?=(?:\.html?)?$)", re.IGNORECASE)
_NAME_END = re.compile(r"(?=\.html?$)|$", re.IGNORECASE)
_DEVICES = ("www.", "m.", "amp.", "mobile.")

_MAX_LENGTH = 2_000
_SLASHES = re.compile("//+")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Python's codec is of IDNA 2003, which writes these letters as others.
_NEWER_LETTERS = re.compile("[ßς\u200c\u200d]")
# Single-page sites name their pages behind it.
_PAGE_FRAGMENT = re.compile(r"!|/\S")


def canonical_url(text: str) -> str | None:
    """Return the canonical form of an http(s) URL, or None if `text` isn't one.

    Scheme and host are in lower case, the host in ASCII; letters are percent-encoded where they must be, and only there
    (RFC 3986, 6.2.2). Fragment, user name, default port and tracking parameters are dropped; the order of the other
    parameters is kept.
    """
    text = unicodedata.normalize("NFC", text[: _MAX_LENGTH + 1].strip()).replace("&amp;", "&")
    if not text or len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        return None
    try:
        parts = urlsplit(text)
        if "/." in parts.path and not parts.path.startswith("//"):
            # Joining removes the segments "." and ".." (RFC 3986, 5.2.4).
            parts = parts._replace(path=urlsplit(urljoin(text, parts.path)).path)
        host = _host(parts)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    fragment = parts.fragment if _PAGE_FRAGMENT.match(parts.fragment) else ""
    path = _SESSION.sub("", parts.path) or "/"
    # Servers take several slashes for one, but an address within this one has two.
    path = path if ":/" in path else _SLASHES.sub("/", path)
    path, query = _encoded(path), _encoded(_without_tracking(parts.query))
    return urlunsplit((parts.scheme.lower(), host, path, query, _encoded(fragment)))


def url_spellings(url: str) -> list[str]:
    """Return the spellings under which sites serve the page of a canonical URL, itself first.

    They differ in `https`, `www.`, `m.`, `mobile.` and `amp.` before the host, and what stands at the end of the path:
    a slash, the name of a folder's page, `/amp`, `/print`, `.amp`.
    """
    parts = urlsplit(url)
    host = parts.netloc
    bare = next((host.removeprefix(each) for each in _DEVICES if host.startswith(each)), host)
    hosts = list(dict.fromkeys([host, bare, *(f"{each}{bare}" for each in _DEVICES)]))
    # The host of a single domain such as m.example is no device of it.
    hosts = hosts if "." in bare else [host]
    schemes = [parts.scheme, "http" if parts.scheme == "https" else "https"]
    if parts.port is not None:
        # Another scheme has another port.
        hosts, schemes = [host], [parts.scheme]
    paths, views = _path_spellings(parts.path)
    spelled = [(scheme, each, path) for scheme in schemes for each in hosts for path in paths]
    # Views under every host and scheme would cost each look-up more than they find.
    spelled += [(parts.scheme, each, view) for each in hosts[:2] for view in views]
    end = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return [f"{scheme}://{each}{path}{end}" for scheme, each, path in spelled]


def _path_spellings(path: str) -> tuple[list[str], list[str]]:
    """Return a path with and without its last slash, and its other views and the names of a folder's page."""
    plain = path.rstrip("/")
    folder, _, name = plain.rpartition("/")
    if name.lower() in {*_INDEXES, *_VIEWS}:
        return [path], [folder or "/", f"{folder}/"]
    if _AMP_NAME.search(name):
        return [path], [_AMP_NAME.sub("", plain)]
    paths = list(dict.fromkeys([path, plain or "/", f"{plain}/"]))
    if not plain:
        return paths, []
    ends = [end for each in _VIEWS for end in (each, f"{each}/")]
    return paths, [*(f"{plain}/{each}" for each in (*ends, *_INDEXES)), _NAME_END.sub(".amp", plain, count=1)]


def _host(parts: SplitResult) -> str:
    """Return host and port in ASCII; raise ValueError for an invalid port or name."""
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii() and not _NEWER_LETTERS.search(host):
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    default = {"http": 80, "https": 443}.get(parts.scheme.lower())
    return host if parts.port in {None, default} else f"{host}:{parts.port}"


def _encoded(text: str) -> str:
    """Encode what isn't ASCII, decode escaped letters, digits and `-._~`, and write other escapes in upper case."""
    return _ESCAPE.sub(_settled, _NOT_ASCII.sub(lambda found: quote(found[0], safe=""), text))


def _settled(escape: re.Match[str]) -> str:
    character = chr(int(escape[0][1:], 16))
    return character if character.isascii() and (character.isalnum() or character in "-._~") else escape[0].upper()


def _without_tracking(query: str) -> str:
    """Drop tracking parameters; keep the others in their order, since servers differ on its meaning."""
    named = ((pair.partition("=")[0].lower(), pair) for pair in query.split("&") if pair)
    return "&".join(
        pair
        for name, pair in named
        if name not in _TRACKING
        and pair.lower() not in _AMP_QUERIES
        and not name.startswith(_TRACKING_STARTS)
        and not _SHARED.fullmatch(pair.lower())
    )
