"""Which addresses, names and hosts may be fetched from."""

import threading
from collections.abc import Sequence
from ipaddress import ip_address

import httpcore
import pytest

from corpus.errors import AddressRefused, BadInput, FetchFailed
from corpus.fetch.addresses import is_public
from corpus.fetch.fetch_article import fetch_article
from corpus.fetch.options import AllowedHosts, FetchOptions
from tests.corpus.fetch.allowed import GOOD
from tests.corpus.fetch.conftest import Fetch
from tests.web import Site, response

NOT_PUBLIC = (
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1"
    " 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 ::"
    " ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe"
    " 64:ff9b:1::1 100::1 2001::1 2001:0:5ef5:79fb::1 2001:db8::1 2002:7f00:1:: 2002:a00:1::1 2002:808:808::1"
    " 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2620:4f:8000::1"
    " 2606:4700::5efe:a00:1 2606:4700::200:5efe:7f00:1"
).split()


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_addresses_that_are_not_everybodys_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", "8.8.8.8 1.1.1.1 172.32.0.1 192.169.0.1 100.128.0.1 2606:4700::1111 64:ff9b::808:808".split()
)
def test_addresses_that_everybody_reaches_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("address", ["10.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "100.64.1.1", "fd12::1"])
def test_a_name_with_one_private_address_among_its_addresses_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="private or reserved") as caught:
        fetch_article("https://rebound.example/", FetchOptions(resolve=lambda _host, _port: ["8.8.8.8", address]))
    # Nobody learns the addresses of a private network from us.
    assert address not in str(caught.value)


@pytest.mark.parametrize("answer", [[], ["no address"]])
def test_a_name_without_an_address_is_told(answer: list[str]) -> None:
    with pytest.raises((FetchFailed, AddressRefused), match=r"no site|no usable address"):
        fetch_article("https://none.example/", FetchOptions(resolve=lambda _host, _port: answer))


def test_a_name_is_asked_for_once_and_the_connection_goes_to_that_very_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    connected: list[str] = []

    def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["8.8.8.8"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(_self: object, host: str, *_rest: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(FetchFailed, match="can't be reached"):
        fetch_article("https://rebound.example/", FetchOptions(resolve=rebinding))
    assert (asked, connected) == (["rebound.example"], ["8.8.8.8"])


def test_a_redirect_to_a_name_that_has_become_private_is_refused(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(status="302 Found", location="/next"))
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    with pytest.raises(AddressRefused, match="private or reserved"):
        fetch(resolve=lambda _host, _port: next(answers))
    assert len(site.requests) == 1


def test_a_resolver_that_never_answers_does_not_beat_the_deadline() -> None:
    answers = threading.Event()
    with pytest.raises(FetchFailed, match=r"within 0\.1 seconds"):
        fetch_article(
            "https://slow.example/", FetchOptions(resolve=lambda _host, _port: answers.wait() or [], timeout_s=0.1)
        )
    answers.set()


def test_the_next_address_is_tried_where_one_does_not_answer(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(GOOD))
    assert fetch(resolve=lambda _host, _port: ["127.0.0.9", "127.0.0.1"]).title


def test_an_allowed_name_may_be_private_but_no_metadata_service() -> None:
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "fd00:ec2::254"):
        limits = FetchOptions(AllowedHosts.parse("intranet.example"), resolve=lambda *_, found=address: [found])
        with pytest.raises(AddressRefused, match="private or reserved"):
            fetch_article("http://intranet.example/", limits)


def test_an_entry_allows_its_port_only() -> None:
    allowed = AllowedHosts.parse(" Intranet.example:8080, wiki.example ,[::1]:90,10.0.0.1")
    assert allowed.allows("intranet.example", 8080)
    assert allowed.allows("wiki.example", 443)
    assert allowed.allows("::1", 90)
    assert allowed.allows("10.0.0.1", 80)
    assert not allowed.allows("intranet.example", 80)
    assert not allowed.allows("wiki.example", 8080)
    assert not allowed.allows("other.wiki.example", 443)


@pytest.mark.parametrize("text", ["a b", "a:b", "a:0", "a:70000", "http://a", "a/b", "*", "[::1", "a..b", "é.example"])
def test_entries_that_are_no_host_are_told(text: str) -> None:
    with pytest.raises(BadInput, match="isn't a host"):
        AllowedHosts.parse(text)
