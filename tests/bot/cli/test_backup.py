"""`export`, `backup` and `restore`: what they say."""

from pathlib import Path


def test_what_the_commands_say(attache, full: Path, tmp_path: Path) -> None:
    assert attache("export", tmp_path / "all.jsonl", data=full).out.startswith(
        "Wrote 8 articles with 2 former texts to "
    )
    assert attache("backup", tmp_path / "one", data=full).out.startswith("Backed up 8 articles to ")
    assert attache("restore", tmp_path / "one", data=full).code == 2
    ended = attache("restore", tmp_path / "one", "--force", "--json", data=full)
    assert (ended.code, ended.json["kind"], ended.json["articles"]) == (0, "restore", 8)
    assert Path(ended.json["former"]).is_dir()
