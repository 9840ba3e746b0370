"""Submissions with 补充数据 and 评分要点, and regulations of one leaf, straight from words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from submissions import submission

from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.form import CRITERIA, SUPPLEMENT
from perfeval.model.regulation import Regulation
from perfeval.model.submission import Criterion, Submission, Supplement
from perfeval.rules.load import load_folder

Answers = Sequence[tuple[str, str, str]]  # text of the criterion, 是否符合, 得分 ("" for none)
HEADS = {
    "部门整体": 'extends = "sichuan-dept-65-35"\n',
    "项目支出": 'extends = "cn-project-10-90"\n',
}


def with_own_data(sheets: Mapping[str, Any], kind: str, data: Mapping[str, Any], answers: Answers = ()) -> Submission:
    """`data`: the key of an input → what stands in its cell, "" for nothing."""
    filed = submission(sheets, kind)
    blank = _cell(SUPPLEMENT.name, 1, 1, "")
    rows = [
        Supplement(n, key, blank, _cell(SUPPLEMENT.name, n, 2, value), blank)
        for n, (key, value) in enumerate(data.items(), 5)
    ]
    judged = [_criterion(n, *answer) for n, answer in enumerate(answers, 5)]
    return replace(filed, supplements=tuple(rows), criteria=tuple(judged))


def one_leaf(folder: Path, kind: str, points: str, leaf: str, own: str = "") -> Regulation:
    """A regulation whose leaf L has these points; what is left of 100 is declared, of a project its indicators'."""
    rest = Decimal(100) - Decimal(points)
    other = 'method = "declared"\nclause = "待核"\nconfidence = "待核"' if kind == "部门整体" else ""
    text = f"""id = "某县"
title = "某县"
{HEADS[kind]}{own}
[[items]]
id = "L"
name = "指标"
max_points = {points}
fallback = false
clause = "待核"
confidence = "待核"
{leaf}

[[items]]
id = "O"
name = "其他"
max_points = {rest}
{other}
"""
    if kind != "部门整体":
        text += f"[indicators]\nweight_sum = {rest}\nsplits = []\n"
    (folder / "某县").mkdir(exist_ok=True)
    (folder / "某县" / "regulation.toml").write_text(text, encoding="utf-8")
    return load_folder(folder)["某县"]


def _cell(sheet: str, row: int, column: int, value: Any) -> Cell[Any]:
    ref = CellRef(sheet, row, column)
    if value == "":
        return Cell(ref, "填报内容")
    known = value if value in ("是", "否", "不涉及", "部分") else Decimal(value)
    return Cell(ref, "填报内容", str(value), known, State.READ)


def _criterion(row: int, text: str, answer: str, score: str) -> Criterion:
    words = {"item_id": "L", "item_name": "指标", "text": text}
    cells = {key: Cell(CellRef(CRITERIA.name, row, 1), key, word, word, State.READ) for key, word in words.items()}
    blank = _cell(CRITERIA.name, row, 1, "")
    return Criterion(
        row=row, subject=blank, points=blank, basis=blank, answer=_cell(CRITERIA.name, row, 5, answer),
        score=_cell(CRITERIA.name, row, 6, score), **cells,
    )  # fmt: skip
