"""Settings: where they come from, which wins, and which are refused."""

import os
import traceback
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings


def refused(**overrides: object) -> BadSettings:
    with pytest.raises(BadSettings) as raised:
        Settings.load(**overrides)
    assert ".env.example" in raised.value.hint
    return raised.value


def test_without_anything_given_the_defaults_hold() -> None:
    assert Settings.load().model_dump() == {name: field.default for name, field in Settings.model_fields.items()}


def test_options_win_over_the_environment_and_the_environment_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("# comment\nATTACHE_QUOTES=2\nATTACHE_MAX_ARTICLE_MB=7\nATTACHE_DATA_DIR=from-file\n")
    monkeypatch.setenv("ATTACHE_QUOTES", "3")
    monkeypatch.setenv("ATTACHE_DATA_DIR", "from-environment")
    settings = Settings.load(data_dir=Path("from-option"))
    assert (settings.max_article_mb, settings.quotes, settings.data_dir) == (7, 3, Path("from-option"))


def test_an_option_that_was_not_given_overrides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_DATA_DIR", "from-environment")
    assert Settings.load(data_dir=None).data_dir == Path("from-environment")


def test_names_in_the_environment_may_be_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("attache_quotes", "3")
    assert Settings.load().quotes == 3


@pytest.mark.parametrize("key", ["ATTACHE_QUOTE", "ATTACHE_", "attache_nothing"])
def test_an_unknown_key_in_the_environment_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(key, "3")
    assert key in refused().message


def test_other_programs_keys_in_the_environment_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHEMENT_DIR", "x")
    monkeypatch.setenv("QUOTES", "99")
    assert Settings.load().quotes == Settings.model_fields["quotes"].default


def test_a_file_that_nobody_may_ever_finish_writing_is_refused() -> None:
    os.mkfifo(".env")
    assert "is a named pipe" in refused().message


@pytest.mark.parametrize("name", ["model", "reranker"])
def test_a_name_longer_than_a_path_is_refused_before_it_is_used(name: str) -> None:
    assert f"ATTACHE_{name.upper()}" in refused(**{name: "m" * 5_000}).message


def test_more_hosts_than_each_link_can_have_read_are_refused() -> None:
    hosts = [f"h{number}.example" for number in range(1_001)]
    assert Settings.load(allowed_hosts=",".join(hosts[:-1])).allowed_hosts
    assert "more than 1,000 hosts" in refused(allowed_hosts=",".join(hosts)).message


def test_an_unknown_key_in_the_file_is_refused_by_name() -> None:
    Path(".env").write_text("ATTACHE_QUOTE=3\n")
    assert "ATTACHE_QUOTE " in refused().message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ATTACHE_QUOTES", "many"),
        ("ATTACHE_QUOTES", "0"),
        ("ATTACHE_QUOTES", "11"),
        ("ATTACHE_QUOTES", ""),
        ("ATTACHE_MODEL", ""),
        ("ATTACHE_MAX_ARTICLE_MB", "-1"),
        ("ATTACHE_PASSAGES_PER_ARTICLE", "1.5"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, key: str, value: str) -> None:
    monkeypatch.setenv(key, value)
    assert key in refused().message
    monkeypatch.delenv(key)
    Path(".env").write_text(f"{key}={value}\n")
    assert key in refused().message


def test_of_several_values_the_wrong_one_is_named_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_OPERATORS", "12,abc")
    with pytest.raises(BadSettings, match=r"The setting ATTACHE_OPERATORS can't be used: value 2: "):
        Settings.load()


def test_a_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes("ATTACHE_MODEL=café\n".encode("latin-1"))
    refused()


def test_a_key_without_the_prefix_in_the_file_is_named_as_it_stands() -> None:
    Path(".env").write_text("FOO=1\n")
    assert "ATTACHE_FOO" not in refused().message


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().quotes = 1


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_DISCORD_TOKEN", "very-secret-token")
    settings = Settings.load()
    assert "very-secret-token" not in f"{settings!r} {settings} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("given", "address", "user", "password"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", "", ""),
        (" http://10.0.0.1/ ", "http://10.0.0.1:80", "", ""),
        ("http://[::1]:8080", "http://[::1]:8080", "", ""),
        ("http://ann:p%40ss%3A1@proxy.example:3128", "http://proxy.example:3128", "ann", "p@ss:1"),
    ],
)
def test_a_proxy_is_read_with_what_it_is_told_apart(given: str, address: str, user: str, password: str) -> None:
    proxy = Settings.load(None, proxy=given).discord_proxy
    assert proxy is not None
    assert (proxy.address, proxy.user, proxy.password) == (address, user, password)
    assert not password or password not in repr(proxy)


@pytest.mark.parametrize(
    "given",
    [
        "proxy.example:3128",
        "https://ann:s3cret@proxy.example",
        "socks5://proxy.example",
        "http://ann:s3/cret@proxy.example",
        "http://ann:s3cret@proxy.example:99999",
        "http://ann:s3cret@",
        "http://ann:s3cret@proxy example",
        "http://ann%3Ax:s3cret@proxy.example",
        "http://ann:s3cret@proxy.example/path",
        "http://ann:s3cret@proxy.example?a=b",
    ],
)
def test_what_is_no_proxy_is_refused_without_being_repeated(given: str) -> None:
    failure = refused(proxy=given)
    assert "ATTACHE_PROXY" in failure.message
    told = "".join(traceback.format_exception(failure))
    assert given not in told
    assert "s3" not in told


def test_a_proxy_with_its_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_PROXY", "http://ann:very-secret@proxy.example")
    settings = Settings.load()
    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"
