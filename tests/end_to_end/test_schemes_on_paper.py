"""Schemes that nobody has shipped, from the regulation to the documents on the command line: the figures are those on
paper, and a spreadsheet program comes to the same."""

import json
from decimal import Decimal
from pathlib import Path

import libreoffice
import pytest
from rule_workbooks import filled, saved
from schemes_on_paper import SCHEMES

from perfeval.cli.commands import main
from perfeval.rules.load import load_regulations


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("name", SCHEMES)
def test_from_the_regulation_to_the_documents(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, sheets, scores, total, uncapped = SCHEMES[name]
    own = tmp_path / "体系"
    own.mkdir()
    (own / "regulation.toml").write_text(text, encoding="utf-8")
    assert main(["regulation", "lint", str(own)]) == 0
    regulations = load_regulations(own)
    saved(filled(regulations[name], regulations, sheets), tmp_path / "in")
    code = main(["report", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--regulations", str(own), "--jobs", "1"])
    print(capsys.readouterr())
    assert code == 0
    (found,) = (tmp_path / "out").rglob("*结果.json")
    result = json.loads(found.read_text(encoding="utf-8"))
    items = {item["id"]: item for item in result["items"]}
    assert {i: number(items[i]["score"]) for i in scores} == {i: number(points) for i, points in scores.items()}
    assert (number(result["total"]), number(result["uncapped_total"])) == (number(total), number(uncapped))
    books = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*评分表.xlsx")}
    assert libreoffice.disagreements(books) == []
