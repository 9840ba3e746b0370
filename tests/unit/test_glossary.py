"""The glossary joins every English key of the form to its Chinese name, and names nothing that is gone."""

import re

import pytest
from places import ROOT

from perfeval.model.form import FORM, Sheet

GLOSSARY = ROOT / "docs" / "术语表.md"
SHEETS = [sheet for sheet in FORM if sheet.fields]


def section(sheet: Sheet) -> list[tuple[str, str]]:
    text = GLOSSARY.read_text(encoding="utf-8")
    body = text.split(f"## {sheet.name}（{sheet.key}）\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", body, flags=re.M)
    return [row for row in rows if row != ("English", "中文")]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda s: s.name)
def test_the_glossary_is_complete(sheet: Sheet) -> None:
    declared = [(f.key, f.label) for f in sheet.fields] + [(r.key, r.label) for r in sheet.rows]
    assert section(sheet) == declared
