"""Generated departments without a contradiction: every sum adds up, every text is true, every reason that is due is
given.

`department(seed, projects, indicators)` and the Hypothesis strategy `departments()` share one core. What is drawn is
the facts; totals, rates, yes/no columns and texts follow from them, the declared scores from the scorer. Questions that
are true of a draw are named in `true_questions`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from department_facts import finished, money_of, projects_of, simple_sheets
from department_indicators import KINDS, Draw, Row, group, missed_kinds
from department_texts import with_scores_and_texts
from hypothesis import strategies as st
from planting import context_of, regulations
from submissions import submission as submission_of

from perfeval.blank.examples import filling_of
from perfeval.blank.workbook import filled_template
from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.documents.evaluation import Evaluation
from perfeval.findings.finding import Severity
from perfeval.model.cells import CellRef
from perfeval.model.form import FORM, HEADER_SEARCH_ROWS, Shape
from perfeval.model.regulation import Regulation
from perfeval.model.submission import DEPARTMENT_KIND, PROJECT_KIND, WHOLE_DEPARTMENT, Submission

YEAR = 2025
COMPLETE = len(KINDS)  # indicators an 适用对象 needs to have one of each kind
SPLITS = (
    (("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)),
    (("成本指标", 20), ("产出指标", 40), ("效益指标", 20), ("满意度指标", 10)),
)
HEADER_ROW = 4
assert HEADER_ROW <= HEADER_SEARCH_ROWS


@dataclass(frozen=True)
class Department:
    """A filled workbook in the form's own words, and the codes of the questions and notices that are true of it."""

    kind: str
    regulation_id: str
    sheets: dict[str, Any] = field(repr=False)
    true_questions: frozenset[str]

    @property
    def regulation(self) -> Regulation:
        return regulations()[self.regulation_id]

    @cached_property
    def submission(self) -> Submission:
        """What the reader makes of it, without a file: quick."""
        return _submission(self.sheets, self.kind)

    @cached_property
    def workbook(self) -> bytes:
        """The filled template."""
        filling = filling_of(self.sheets, self.regulation, ("示例构造，测试用",))
        return filled_template(self.kind, regulations(), self.regulation_id, YEAR, filling)

    @cached_property
    def context(self) -> Context:
        """What the checks are given."""
        return context_of(self.submission)

    @cached_property
    def package(self) -> Evaluation:
        """What the documents are given."""
        findings = run_checks(self.context)
        status = "returned" if any(f.severity is Severity.ERROR for f in findings) else "reported"
        filed = self.submission.basic.filing_date.value
        assert filed is not None
        versions = {"perfeval": "测试", "regulations": self.regulation_id, "template": "测试"}
        return Evaluation(
            self.submission, self.regulation, self.context.scorecard, findings, (), status, filed, versions
        )


def department(
    seed: int, projects: int = 8, indicators: int = 20, regulation_id: str = "sichuan-dept-65-35"
) -> Department:
    """部门整体 with so many projects and indicators; equal arguments give an equal department."""
    rng = _draw(seed, projects, indicators, regulation_id)
    project_rows = projects_of(rng, projects, YEAR)
    rows = list(_department_indicators(rng, project_rows, indicators))
    sheets = {**simple_sheets(rng, seed, DEPARTMENT_KIND, regulation_id, YEAR), "项目": project_rows, "指标": rows}
    staff = int(sheets["基本情况"]["年末实有人数"])
    sheets["收支"], sheets["支出进度"] = money_of(rng, project_rows, staff)
    return _finished(rng, DEPARTMENT_KIND, regulation_id, sheets)


def project_workbook(
    seed: int, projects: int = 2, indicators: int = 16, regulation_id: str = "cn-project-10-90"
) -> Department:
    """项目支出: `indicators` shared out over the projects, six or more each."""
    rng = _draw(seed, projects, indicators, regulation_id)
    project_rows = projects_of(rng, projects, YEAR, executed_only=True)
    each = max(COMPLETE, indicators // projects)
    whole = int(regulations()[regulation_id].indicators.weight_sum)
    split = SPLITS[0] if regulations()[regulation_id].indicators.splits else (("", whole),)
    rows = [row for project in project_rows for row in group(rng, project["项目名称"], each, split, YEAR)]
    sheets = {**simple_sheets(rng, seed, PROJECT_KIND, regulation_id, YEAR), "项目": project_rows, "指标": rows}
    return _finished(rng, PROJECT_KIND, regulation_id, sheets)


def _draw(*key: object) -> Draw:
    """Chance of its own for each key; one department in five is spotless."""
    rng = Draw("/".join(map(str, key)))
    rng.spotless = rng.random() < 0.2
    return rng


def _department_indicators(rng: Draw, projects: list[Row], count: int) -> Iterator[Row]:
    """Some for the department itself, the rest for projects that spent money, at least one of each kind where there are
    enough."""
    spent = [p["项目名称"] for p in projects if p["执行数"] != "0"]
    with_own = min(len(spent), rng.randint(0, max(0, count // COMPLETE - 1)))
    yield from group(rng, WHOLE_DEPARTMENT, count - with_own * COMPLETE, (("", 90),), YEAR)
    for name in rng.sample(spent, with_own):
        yield from group(rng, name, COMPLETE, (("", 90),), YEAR)


def _finished(rng: Draw, kind: str, regulation_id: str, sheets: dict[str, Any]) -> Department:
    """With what follows from the facts: the projects' yes/no columns, the declared scores, the texts. It lies where its
    regulation is made for."""
    sheets = finished(rng, sheets)
    basic, region = sheets["基本情况"], regulations()[regulation_id].region
    if region not in basic["行政区划"]:
        sheets = {**sheets, "基本情况": {**basic, "行政区划": region}}
    card = context_of(_submission(sheets, kind)).scorecard
    assert card is not None
    sheets = with_scores_and_texts(rng, sheets, card, kind)
    return Department(kind, regulation_id, sheets, frozenset(_true_questions(sheets)))


def _submission(sheets: dict[str, Any], kind: str) -> Submission:
    headers = {
        (sheet.name, field.key): CellRef(sheet.name, HEADER_ROW, column)
        for sheet in FORM
        if sheet.shape is Shape.TABLE
        for column, field in enumerate(sheet.fields, 1)
    }
    return replace(submission_of(sheets, kind), headers=headers)


def _true_questions(sheets: dict[str, Any]) -> Iterator[str]:
    subjects: dict[str, list[Row]] = {}
    for row in sheets["指标"]:
        subjects.setdefault(row["适用对象"], []).append(row)
        if not row["指标性质"]:
            yield "INDICATOR_010"
    without = [p for p in sheets["项目"] if p["项目名称"] not in subjects]
    if without and not all(p.get("偏差原因") for p in without):
        yield "PROJECT_009"
    if any(missed_kinds(rows) for rows in subjects.values()):
        yield "INDICATOR_024"


def sizes(most_projects: int, most_indicators: int) -> st.SearchStrategy[tuple[int, int]]:
    """How many projects and indicators, small ones often."""
    few = st.tuples(st.integers(1, min(12, most_projects)), st.integers(5, min(40, most_indicators)))
    return few | few | few | st.tuples(st.integers(1, most_projects), st.integers(5, most_indicators))


@st.composite
def departments(draw: st.DrawFn, most_projects: int = 200, most_indicators: int = 400) -> Department:
    """Any clean workbook of either kind, under any shipped regulation that still holds in its year."""
    seed = draw(st.integers(0, 2**32))
    projects, indicators = draw(sizes(most_projects, most_indicators))
    in_force = sorted(name for name, rules in regulations().items() if not rules.is_over(YEAR))
    regulation = draw(st.sampled_from(in_force))
    make = department if regulations()[regulation].kind == DEPARTMENT_KIND else project_workbook
    return make(seed, projects, indicators, regulation)
