"""The address of a Milvus server in the settings."""

import pytest

from bot.settings import BadSettings, Settings
from index.milvus.address import MilvusAddress, VectorKind


def test_an_address_names_server_index_and_token() -> None:
    address = MilvusAddress.parse("milvus://db.example:19531/news?token=attache:p+a%26ss&tls=true&vectors=hnsw")
    assert (address.uri, address.name, address.token) == ("https://db.example:19531", "news", "attache:p+a&ss")
    assert address.vectors is VectorKind.HNSW
    assert "p+a&ss" not in repr(address)


def test_only_host_and_name_are_needed() -> None:
    address = MilvusAddress.parse("milvus://[::1]/news")
    assert (address.uri, address.token, address.vectors) == ("http://[::1]:19530", "", VectorKind.FLAT)


def test_a_host_may_be_written_as_dns_has_it() -> None:
    assert MilvusAddress.parse("milvus://xn--bcher-kva.example/news").host == "xn--bcher-kva.example"


def test_a_trailing_slash_letters_of_any_size_and_spaces_around_are_forgiven() -> None:
    address = MilvusAddress.parse("  MILVUS://Db.Example/News_2/?vectors=flat&tls=TRUE&token=key ")
    assert (address.uri, address.name, address.token) == ("https://db.example:19530", "News_2", "key")


NAME = "letters a to z, digits and _, no digit first"
HOST = "the host is a name or an IP address, the port 1 to 65535"
PORT = "the port is a number, and IPv6 addresses have brackets"
BEGIN = "it begins with milvus://"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("http://host:19530/news", BEGIN),
        ("host:19530/news", BEGIN),
        ("'milvus://host/news'", BEGIN),
        ("milvus://host:19530", NAME),
        ("milvus://host/news/more", NAME),
        ("milvus://host/1news", NAME),
        ("milvus://host/news-room", NAME),
        ("milvus://host/news room", NAME),
        ("milvus://host/" + "n" * 101, NAME),
        ("milvus://host/naïve", NAME),
        ("milvus:///news", HOST),
        ("milvus://ho st/news", HOST),
        ("milvus://host..example/news", HOST),
        ("milvus://-host/news", HOST),
        ("milvus://bücher.example/news", "is written as DNS has it, with xn--"),
        ("milvus://пример/news", "is written as DNS has it, with xn--"),
        ("milvus://host:0/news", HOST),
        ("milvus://host:port/news", PORT),
        ("milvus://host:65536/news", PORT),
        ("milvus://::1:19530/news", PORT),
        ("milvus://host/news?token=a:b\nATTACHE_WEB=secret", "no line breaks"),
        ("milvus://user:secret@host/news", "user and password are the token"),
        ("milvus://host/news?token=attache:se#cret", "a # in a password is written %23"),
        ("milvus://host/news?token=attache:se&cret", "a & in a password is written %26"),
        ("milvus://host/news?token=attache:secret&token=attache:other", "each at most once"),
        ("milvus://host/news?password=secret", "the options are token, tls and vectors"),
        ("milvus://host/news?tls=perhaps", "tls is true or false, vectors FLAT or HNSW"),
        ("milvus://host/news?vectors=all", "tls is true or false, vectors FLAT or HNSW"),
    ],
)
def test_another_form_is_refused_with_what_is_wrong_and_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.load(None, index=text)
    assert "milvus://host:19530/name?token=user:password" in str(refused.value)
    assert reason in str(refused.value)
    assert "cret" not in str(refused.value)
