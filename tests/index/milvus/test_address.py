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


@pytest.mark.parametrize(
    "text",
    [
        "http://host:19530/news",
        "milvus://host:19530",
        "milvus://host:port/news",
        "milvus:///news",
        "milvus://user:secret@host/news",
        "milvus://host/news/more",
        "milvus://host/1news",
        "milvus://host/news?password=secret",
        "milvus://host/news?tls=perhaps",
        "milvus://host/news?vectors=all",
        "milvus://host/" + "n" * 101,
        "milvus://host/naïve",
    ],
)
def test_another_form_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.load(None, index=text)
    assert "milvus://host:19530/name?token=user:password" in str(refused.value)
    assert "secret" not in str(refused.value)
