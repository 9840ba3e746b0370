"""Scored packages for the tests of the documents: the completed example, and departments made from it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from perfeval.blank.examples import completed_workbook
from perfeval.documents.evaluation import Evaluation
from perfeval.filing.read_filing import read_filing
from perfeval.model.cells import Cell, State
from perfeval.model.readings import Number
from perfeval.model.regulation import Regulation
from perfeval.model.submission import PROJECT_KIND, WHOLE_DEPARTMENT, Submission
from perfeval.rules.citing import Citations
from perfeval.rules.engine import score
from perfeval.rules.load import load_regulations

AS_OF = date(2026, 1, 15)


@cache
def regulations() -> Mapping[str, Regulation]:
    return load_regulations()


@cache
def completed() -> Submission:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "补齐稿.xlsx"
        path.write_bytes(completed_workbook(regulations()))
        submission = read_filing(path, "补齐稿.xlsx").submission
    assert submission is not None
    return submission


def package(submission: Submission, regulation: str = "") -> Evaluation:
    """The submission scored under its own or another regulation."""
    scheme = Citations().of(regulations()[regulation or str(submission.basic.regulation.value)], submission.basic)
    return Evaluation(submission, scheme, score(submission, scheme), (), (), "reported", AS_OF, {})


def put(cell: Cell[Any], value: Any, raw: str | None = None) -> Cell[Any]:
    """The cell with another value; None leaves it blank."""
    if value is None:
        return cell._replace(value=None, raw="", state=State.BLANK)
    return cell._replace(value=value, raw=str(value) if raw is None else raw, state=State.READ)


def fill(record: Any, **values: Any) -> Any:
    """A row or label sheet with some cells filled again."""
    return replace(record, **{key: put(getattr(record, key), value) for key, value in values.items()})


def with_projects(submission: Submission, names: list[str]) -> Submission:
    """One project a name, each like the example's first."""
    first = submission.projects[0]
    return replace(
        submission, projects=tuple(replace(fill(first, name=name), row=i) for i, name in enumerate(names, 7))
    )


def with_indicators(
    submission: Submission, names: list[str], subject: str = WHOLE_DEPARTMENT, weight: int = 1
) -> Submission:
    """One numeric indicator of that weight a name; every third is missed and explained."""
    first = completed().indicators[0]
    rows = []
    for i, name in enumerate(names):
        missed = i % 3 == 2
        row = fill(
            first,
            subject=subject,
            level1=("产出指标", "效益指标", "满意度指标", "成本指标")[i * 4 // len(names)],
            level2=f"第{i // 4}类指标",
            name=name,
            nature="≥",
            unit="个",
            weight=Decimal(weight),
            deviation_reason=f"原因{i}" if missed else None,
            improvement=f"措施{i}" if missed else None,
        )
        target, actual = Number(Decimal(40)), Number(Decimal(30 if missed else 40))
        rows.append(
            replace(
                row, row=i + 7, target=put(row.target, target, "40"), actual=put(row.actual, actual, str(actual.value))
            )
        )
    return replace(submission, indicators=(*(x for x in submission.indicators if x.subject.value != subject), *rows))


def project_kind(submission: Submission, regulation: str = "cn-project-10-90") -> Submission:
    """The submission as a 项目支出 workbook whose two first projects have indicators."""
    basic = fill(submission.basic, kind=PROJECT_KIND, regulation=regulation)
    names = [str(p.name.value) for p in submission.projects[:2]]
    made = replace(submission, basic=basic, projects=submission.projects[:3], indicators=())
    weight = regulations()[regulation].indicators.weight_sum / 5
    for name in names:
        made = with_indicators(made, [f"{name}的指标{i}" for i in range(5)], subject=name, weight=int(weight))
    return made
