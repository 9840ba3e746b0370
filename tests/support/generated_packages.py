"""Generated departments and projects under shipped and made-up regulations, as evaluations."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from departments import Department, department, project_workbook
from made_up_regulations import made_up_regulations

from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.documents.evaluation import Evaluation
from perfeval.model.regulation import Regulation
from perfeval.model.submission import NOT_CONCERNED
from perfeval.rules.engine import score

MADE_UP, SHIPPED = 12, 8  # workbooks of each made-up and each shipped regulation


PROJECT_REGULATIONS = ("cn-project-10-90", "sichuan-project-10-90", "hubei-project-20-80")


DEPARTMENT_REGULATIONS = ("sichuan-dept-65-35", "pidu-dept-40-50-10")


def packages() -> Iterator[Evaluation]:
    """Small ones, so that many fit; each regulation meets departments of every sort."""
    for number, regulation in enumerate(made_up_regulations().values()):
        yield from (under(department(number * MADE_UP + n, 1 + n % 4, 6 + n % 7), regulation) for n in range(MADE_UP))
    for name in DEPARTMENT_REGULATIONS:
        yield from (department(1000 + n, 1 + n * n % 23, 6 + 3 * n, name).package for n in range(2 * SHIPPED))
    for name in PROJECT_REGULATIONS:
        yield from (project_workbook(2000 + n, 1 + n % 3, 6, name).package for n in range(SHIPPED + 1))


def under(filed: Department, regulation: Regulation) -> Evaluation:
    """The department scored under another regulation: its declared items filled in, some items 不涉及."""
    rng = Random(f"{filed.sheets['基本情况']['部门名称']}{regulation.id}")
    rows = [
        {
            "指标编号": leaf.id,
            "是否适用": NOT_CONCERNED if rng.random() < 0.15 else "",
            "自评得分": str(leaf.max_points - rng.choice((0, 1))),
        }
        for leaf in regulation.leaves()
    ]
    submission = replace(filed, sheets={**filed.sheets, "评分": rows}).submission
    card = score(submission, regulation)
    findings = run_checks(Context(submission, regulation, card, {regulation.id: regulation}))
    return replace(filed.package, submission=submission, regulation=regulation, scorecard=card, findings=findings)
