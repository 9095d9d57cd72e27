"""Server settings: what people may write, what they read, and what they are told when it can't be used."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.records.server_settings import ServerSettings, is_reset, load_settings, set_setting, setting_name, setting_text
from corpus.errors import BadInput
from tests.bot.records.conftest import OTHER_SERVER, SERVER

ONE, TWO = 1_112_233_445_566_778_899, 9_007_199_254_740_993
on_one_database = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("name", "written", "value", "read"),
    [
        ("private_by_default", "on", True, "on"),
        ("private_by_default", "YES", True, "on"),
        ("private_by_default", "ja", True, "on"),
        ("count_unanswered", "off", False, "off"),
        ("count_unanswered", "no", False, "off"),
        ("Count Unanswered", " False ", False, "off"),
        ("language", "DE", "de", "de"),
        ("answer-style", "Plain", "plain", "plain"),
        ("channels", f"<#{ONE}>", (ONE,), f"<#{ONE}>"),
        ("channels", f"<#{ONE}><#{TWO}>", (ONE, TWO), f"<#{ONE}>, <#{TWO}>"),
        ("thread_channels", f"<#{ONE}>, {TWO} <#{ONE}>", (ONE, TWO), f"<#{ONE}>, <#{TWO}>"),
        ("thread_channels", f"{TWO}", (TWO,), f"<#{TWO}>"),
        ("log_channel", f"<#{TWO}>", TWO, f"<#{TWO}>"),
        ("hidden_publishers", "Reuters,  BBC ,Reuters,", ("Reuters", "BBC"), "Reuters, BBC"),
        ("hidden_publishers", 'Der Standard, "A, B"', ("Der Standard", "A, B"), 'Der Standard, "A, B"'),
        ("hidden_collections", '"none"', ("none",), '"none"'),
        ("time_zone", " europe/BERLIN", "Europe/Berlin", "Europe/Berlin"),
        ("keep_days", "7", 7, "7"),
        ("keep_days", "365 days", 365, "365"),
        ("questions_per_minute_member", "60 per minute", 60, "60"),
        ("questions_per_minute_server", "600", 600, "600"),
    ],
)
def test_a_value_is_read_as_people_write_it(
    records: Database, name: str, written: str, value: object, read: str
) -> None:
    changed = set_setting(records, SERVER, name, written)
    field = name.lower().replace(" ", "_").replace("-", "_")
    assert getattr(changed, field) == value
    assert setting_text(changed, name) == read
    assert load_settings(records, SERVER) == changed
    assert load_settings(records, OTHER_SERVER) == ServerSettings()


@pytest.mark.parametrize("word", ["none", "Default", " reset "])
@pytest.mark.parametrize("name", list(ServerSettings.model_fields))
def test_every_setting_can_be_reset(records: Database, name: str, word: str) -> None:
    values = ["en", "plain", "on", "off", "3", f"<#{ONE}>", "Reuters", "Asia/Tokyo"]
    changed = [value for value in values if _differs(records, name, value)]
    assert changed
    assert set_setting(records, SERVER, name, word) == ServerSettings()


def _differs(records: Database, name: str, value: str) -> bool:
    try:
        return set_setting(records, SERVER, name, value) != ServerSettings()
    except BadInput:
        return False


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("time_zone", "../../etc/passwd", "no such time zone"),
        ("keep_days", "0", "a number from 1 to 365"),
        ("keep_days", "366", "a number from 1 to 365"),
        ("keep_days", "-5", "a number from 1 to 365"),
        ("keep_days", "long", "a number from 1 to 365"),
        ("questions_per_minute_member", "61", "a number from 1 to 60"),
        ("questions_per_minute_server", "1e9", "a number from 1 to 600"),
        ("language", "fr", "'auto', 'en' or 'de'"),
        ("answer_style", "", "'rich' or 'plain'"),
        ("private_by_default", "perhaps", "on or off"),
        ("channels", "#general", "isn't a channel"),
        ("channels", ",", "isn't a channel"),
        ("channels", f"<#{2**63}>", "isn't a channel"),
        ("channels", "<@123>", "isn't a channel"),
        ("log_channel", "0", "isn't a channel"),
        ("log_channel", f"<#{ONE}>, <#{TWO}>", "isn't a channel"),
        ("channels", " ".join(map(str, range(1, 102))), "more than 100"),
        ("hidden_publishers", "x" * 201, "at most 200 characters"),
        ("hidden_publishers", " , ,", "no name"),
        ("hidden_publishers", "x" * 20_000, "too long"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_in_one_sentence_and_changes_nothing(
    records: Database, name: str, written: str, told: str
) -> None:
    with pytest.raises(BadInput) as refused:
        set_setting(records, SERVER, name, written)
    assert told in refused.value.message
    assert refused.value.message.endswith(".")
    assert len(refused.value.message) < 200
    assert refused.value.hint.endswith(".")
    assert load_settings(records, SERVER) == ServerSettings()


def test_an_unknown_setting_is_refused_with_the_nearest_name(records: Database) -> None:
    with pytest.raises(BadInput, match="no setting “chanels”") as refused:
        set_setting(records, SERVER, "chanels", "on")
    assert refused.value.hint == "Did you mean channels?"
    with pytest.raises(BadInput) as refused:
        setting_text(ServerSettings(), "zz")
    assert "keep_days" in refused.value.hint


def test_nothing_chosen_reads_as_what_it_means() -> None:
    plain = ServerSettings()
    assert setting_text(plain, "channels") == "everywhere"
    assert setting_text(plain, "thread_channels") == "nowhere"
    assert setting_text(plain, "log_channel") == setting_text(plain, "hidden_publishers") == "none"


def test_rows_of_another_version_load(records: Database) -> None:
    set_setting(records, SERVER, "keep_days", "7")
    rows = [(SERVER, "mood", '"good"'), (SERVER, "questions_per_minute_member", "9999"), (SERVER, "channels", "[1, 0]")]
    records.conn.executemany("INSERT INTO settings VALUES (?, ?, ?)", rows)
    assert load_settings(records, SERVER) == ServerSettings(keep_days=7)


@pytest.mark.parametrize("value", ["[", "", "[" * 100_000, b"\x00"])
def test_a_stored_value_that_is_no_json_is_as_if_it_were_not_set(records: Database, value: object) -> None:
    records.execute("INSERT INTO settings VALUES (?, 'language', ?)", (SERVER, value))
    records.execute("INSERT INTO settings VALUES (?, 'keep_days', '7')", (SERVER,))
    assert load_settings(records, SERVER) == ServerSettings(keep_days=7)


def test_two_admins_who_change_two_settings_do_not_undo_each_other(records: Database) -> None:
    set_setting(records, SERVER, "keep_days", "7")
    set_setting(records, SERVER, "language", "de")
    assert load_settings(records, SERVER) == ServerSettings(keep_days=7, language="de")


def test_every_setting_is_described_in_one_sentence() -> None:
    for name, field in ServerSettings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name
        assert ". " not in field.description, name
        # Discord's limit for the description of a choice or an option.
        assert len(field.description) <= 100, name


@on_one_database
@given(name=st.sampled_from(list(ServerSettings.model_fields)), written=st.text())
def test_any_text_is_a_setting_or_a_sentence(records: Database, name: str, written: str) -> None:
    try:
        changed = set_setting(records, SERVER, name, written)
    except BadInput:
        return
    assert load_settings(records, SERVER) == changed
    shown = setting_text(changed, name)
    assert set_setting(records, OTHER_SERVER, name, shown).model_dump()[name] == changed.model_dump()[name]


@on_one_database
@given(names=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=5))
def test_what_is_shown_can_be_written_back(records: Database, names: list[str]) -> None:
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    try:
        changed = set_setting(records, SERVER, "hidden_publishers", quoted)
    except BadInput:
        return
    assert (
        set_setting(records, OTHER_SERVER, "hidden_publishers", setting_text(changed, "hidden_publishers")) == changed
    )


def test_a_setting_is_known_however_it_is_spelled() -> None:
    assert setting_name("Log-Channel ") == "log_channel"
    with pytest.raises(BadInput):
        setting_name("log")


def test_words_that_reset_are_known_a_setting() -> None:
    assert is_reset("channels", " Everywhere")
    assert is_reset("keep_days", "default")
    assert not is_reset("hidden_publishers", "everywhere")
