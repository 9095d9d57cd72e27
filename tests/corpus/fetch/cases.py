"""Hostile links and sites, each with words of the sentence that refuses it."""

import gzip
import time

from tests.corpus.fetch.allowed import GOOD
from tests.web import Request, Send, response

LINKS = {
    "file:///etc/passwd": "must start with http",
    "ftp://news.example/story": "must start with http",
    "gopher://news.example:70/_x": "must start with http",
    "javascript:alert(1)": "must start with http",
    "data:text/html,<p>hello": "characters|must start with http",
    "news.example/story": "incomplete",
    "//news.example/story": "incomplete",
    "http://": "incomplete",
    "http:///story": "incomplete",
    "": "incomplete",
    "http://127.0.0.1/": "private or reserved",
    "http://localhost/": "private or reserved",
    "http://[::1]/": "private or reserved",
    "http://[::ffff:127.0.0.1]/": "private or reserved",
    "http://[::ffff:7f00:1]/": "private or reserved",
    "http://[64:ff9b::7f00:1]/": "private or reserved",
    "http://[2002:7f00:1::]/": "private or reserved",
    "http://[fe80::1%25eth0]/": "private or reserved|a valid link",
    "http://169.254.169.254/latest/meta-data/": "private or reserved",
    "http://100.64.0.1/": "private or reserved",
    "http://10.0.0.1/": "private or reserved",
    "http://0.0.0.0/": "private or reserved",
    "http://127。0。0。1/": "private or reserved",
    "http://2130706433/": "as a number",
    "http://0x7f000001/": "as a number",
    "http://017700000001/": "as a number",
    "http://127.1/": "as a number",
    "http://0x7f.0.0.1/": "as a number",
    "http://0177.0.0.1/": "as a number|a valid link",
    "http://①②⑦.0.0.1/": "as a number|a valid link",
    "http://user:secret@news.example/": "user name or password",
    "http://news.example@127.0.0.1/": "user name or password",
    "http://news.example\\@127.0.0.1/": "characters",
    "http://news.example/\r\nHost: other.example": "characters",
    "http://news.example:22/": "port 22",
    "http://news.example:0/": "port 0",
    "http://news.example:65536/": "a valid link|port",
    "http://news.example:6379/": "port 6379",
    "http://news%00.example/": "site name isn't valid",
    "http://news..example/": "site name isn't valid",
    "http://" + "a" * 300 + ".example/": "site name isn't valid",
    "http://news.example/" + "a" * 3000: "longer than",
    "http://[::1": "a valid link",
    # International names: no such letters, forbidden ones, an empty one, one too long.
    "http://xn--a/": "a valid link",
    "http://xn--0/story": "a valid link",
    "http://xn--i-7iq.example/": "a valid link",
    "http://xn--\u00e4.example/": "a valid link",
    "http://\U0001f6a2.example/": "a valid link",
    "http://xn--/": "a valid link|site name isn't valid",
    "http://\u00e4" + "\u0301" * 90 + ".example/": "a valid link|site name isn't valid",
}  # fmt: skip


def redirect_for_ever(request: Request, send: Send) -> None:
    send(response(status="302 Found", location=f"{request.path}x"))


def stream_for_ever(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(1 << 14):
        send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def drip_body(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        send(b"x")
        time.sleep(0.05)


def drip_headers(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    for _ in range(100):
        send(b"X-Slow: 1\r\n")
        time.sleep(0.05)


def interim_for_ever(_request: Request, send: Send) -> None:
    for _ in range(10_000):
        send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.01)


def endless_header(_request: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(100):
        send(b"x" * 65536)


def say_nothing(_request: Request, _send: Send) -> None:
    time.sleep(3)


PACKED = gzip.compress(GOOD.encode())


SITES: dict[str, tuple[object, str]] = {
    "endless redirect": (redirect_for_ever, "redirects more than 5 times"),
    "redirect to itself": (response(status="302 Found", location="/story"), "redirects more than 5 times"),
    "redirect to nowhere": (response(status="302 Found"), r"status 302"),
    "endless stream": (stream_for_ever, "larger than the limit"),
    "1 GB stated": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000000\r\n\r\n", "larger than"),
    "slow body": (drip_body, "within 0.6 seconds"),
    "slow headers": (drip_headers, "within 0.6 seconds"),
    "endless interim answers": (interim_for_ever, "within 0.6 seconds"),
    "silence": (say_nothing, "within 0.6 seconds"),
    "endless header": (endless_header, "incomplete or isn't valid HTTP"),
    "cut body": (response(GOOD)[:-400], "incomplete"),
    "cut gzip": (response(PACKED[:-300], content_encoding="gzip"), "broke off"),
    "no gzip": (response(GOOD, content_encoding="gzip"), "damaged"),
    "damaged gzip": (response(PACKED[:50] + b"\0" * 50 + PACKED[100:], content_encoding="gzip"), "damaged"),
    "brotli": (response(GOOD, content_encoding="br"), "compression that wasn't requested"),
    "gzip in gzip": (response(gzip.compress(PACKED), content_encoding="gzip, gzip"), "compression that wasn't"),
    "no HTTP": (b"220 mail.example ESMTP\r\n", "incomplete or isn't valid HTTP"),
    "nothing": (lambda _request, _send: None, "incomplete"),
    "no length that is one": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", "incomplete or isn't valid HTTP"),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx", "isn't valid HTTP"),
    "login": (response(status="401 Unauthorized"), "requires a login"),
    "forbidden": (response(status="403 Forbidden"), "doesn't let programs"),
    "not found": (response("gone", "404 Not Found"), "no page at this link"),
    "gone": (response(status="410 Gone"), "The site removed this page"),
    "too many requests": (response(status="429 Too Many Requests", retry_after="120"), "too many requests"),
    "error": (response(status="500 Internal Server Error"), "The site has an error"),
    "out of service": (response(status="503 Service Unavailable"), "temporarily unavailable"),
    "no content": (response(status="204 No Content"), "status 204"),
    "PDF": (response(b"%PDF-1.7", type_="application/pdf"), "a PDF"),
    "PDF that says it is HTML": (response(b"%PDF-1.7 " + b"x" * 500), "a PDF"),
    "picture": (response(b"\x89PNG", type_="image/png"), "a picture"),
    "film": (response(b"", type_="video/mp4"), "a video"),
    "archive that says it is text": (response(b"PK\x03\x04" + b"x" * 500, type_="text/plain"), "a ZIP"),
    "binary": (response(bytes(range(256)) * 20, type_="application/octet-stream"), "binary data"),
    "JSON": (response('{"a": 1}', type_="application/json"), "not a web page"),
    "feed": (response("<rss><channel/></rss>", type_="application/rss+xml"), "a feed"),
    "feed that says it is HTML": (response("<?xml version='1.0'?><rss version='2.0'><channel/></rss>"), "a feed"),
    "XML bomb": (
        response('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;&a;</x>', type_="text/xml"),
        "XML data",
    ),
    "empty": (response(" \n "), "empty"),
    "too many tags": (response("<!DOCTYPE html>" + "<br>word" * 30_000 + "<p>" * 10_001), "too much markup"),
    "deeply nested": (response("<!DOCTYPE html>" + "<div>" * 39_000 + "x"), "No article"),
}  # fmt: skip
