"""Encrypted PDFs: read where no password is needed, and told apart from damaged ones."""

import io
import tomllib
from pathlib import Path

import pypdf
import pytest

from corpus.errors import UnreadableSource
from corpus.formats import pdf_child
from corpus.formats.pdf import parse_pdf
from tests.documents import SENTENCE, pdf

ALGORITHMS = ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"]


def encrypted(algorithm: str, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([[SENTENCE] * 4])))
    writer.encrypt(password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_that_only_restricts_printing_is_read(algorithm: str) -> None:
    assert SENTENCE in parse_pdf(encrypted(algorithm, "")).body


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_with_a_password_says_that_it_needs_it(algorithm: str) -> None:
    with pytest.raises(UnreadableSource, match="password-protected"):
        parse_pdf(encrypted(algorithm, "secret"))


def test_a_pdf_that_is_protected_otherwise_is_not_called_damaged() -> None:
    raw = encrypted("AES-128", "").replace(b"/Filter /Standard", b"/Filter /Adobe.PubSec")
    with pytest.raises(UnreadableSource, match="certificate"):
        parse_pdf(raw)


def test_a_missing_library_is_no_damage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_raw: bytes, _tick: object) -> None:
        raise pypdf.errors.DependencyError("cryptography is required")

    monkeypatch.setattr(pdf_child, "read", fail)
    monkeypatch.setattr(pdf_child, "_limit_memory", lambda: None)
    monkeypatch.setattr(pdf_child, "_tick", lambda: None)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"%PDF-")))
    monkeypatch.setattr(pdf_child.logging, "disable", lambda _level: None)
    pdf_child.main()
    assert "encrypted" in capsys.readouterr().out


def test_a_plain_install_has_what_aes_needs() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert any(line.startswith("cryptography==") for line in project["dependencies"])
