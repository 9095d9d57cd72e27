"""This server answers as documented; where simcord does not, docs/wire.md says so."""

from tests.wire.compare import compare
from tests.wire.process import ROOT


async def test_this_server_answers_as_documented_and_the_table_of_differences_is_true():
    findings = await compare()
    assert [each for each in findings if each.wire != each.probe.expected] == []
    told = (ROOT / "docs" / "wire.md").read_text(encoding="utf-8")
    table = told.partition("## Where simcord differs")[2]
    rows = {each.row for each in findings if each.wire != each.simcord}
    assert rows == {line for line in table.splitlines() if line.startswith("| ") and line.endswith("` |")}
