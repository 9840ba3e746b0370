"""What every check is given, and the shape of a check."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfeval.checks.indicators.groups import by_meant_subject, by_subject
from perfeval.checks.indicators.misfit import Misfit, misfits
from perfeval.checks.indicators.rows import Row
from perfeval.checks.money.sums import Sum, broken_sums, is_absurd
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.follow_up import FollowUp, follow_ups
from perfeval.model.frames import Frame, Frames, with_columns
from perfeval.model.money_units import WAN, in_unit
from perfeval.model.numbers import half_up, show_amount, show_number
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import Scorecard
from perfeval.model.submission import PROJECT_KIND, WHOLE_DEPARTMENT, ScoreRow, Submission
from perfeval.rules.frames import frames_for, score_rows

WRONG_KIND = "SHEET_007"  # the reader: 评价类型 does not fit the sheets that are filled in
EARLIEST_YEAR, LATEST_YEAR = (
    2000,
    2100,
)  # what can be meant by a 评价年度 at all (docs/开发/核对.md), not a rule of any regulation


@dataclass(frozen=True, eq=False)
class Context:
    """A filed workbook with its regulation and scores; these two are None where 指标体系 is not a known one.

    `regulations` are all installed ones by id; `previous` is the same department's workbook of the year before, where
    the operator gave one; `reader_findings` is what the reader has reported of the workbook. A check reads from here
    alone and returns findings; it changes nothing. What several checks ask for is computed once.
    """

    submission: Submission
    regulation: Regulation | None
    scorecard: Scorecard | None
    regulations: Mapping[str, Regulation]
    previous: Submission | None = None
    reader_findings: tuple[Finding, ...] = ()

    @cached_property
    def frames(self) -> Frames:
        """The filed tables with everything computed of them."""
        return frames_for(self.submission, self.scorecard)

    @cached_property
    def follow_ups(self) -> tuple[FollowUp, ...] | None:
        """What became of last year's suggestions; None without last year's workbook."""
        return follow_ups(self.previous, self.submission) if self.previous else None

    @cached_property
    def wrong_sums(self) -> tuple[Sum, ...]:
        """The sums and balances of 收支 that do not hold, except the absurd ones."""
        absurd = self.absurd_sums
        return tuple(found for found in self._broken_sums if found not in absurd)

    @cached_property
    def absurd_sums(self) -> tuple[Sum, ...]:
        """The wrong sums that would come to a figure far from all others of its row: nobody should type that."""
        limit = self.limit("sum_apart")
        return tuple(s for s in self._broken_sums if limit is not None and is_absurd(s, self.submission.money, limit))

    @cached_property
    def _broken_sums(self) -> tuple[Sum, ...]:
        return broken_sums(self.submission)

    @cached_property
    def corrected_sums(self) -> Mapping[CellRef, Decimal]:
        """For each figure reported as a wrong sum: what it should be."""
        return {found.place.ref: found.computed for found in self.wrong_sums}

    @cached_property
    def score_rows(self) -> Mapping[str, ScoreRow]:
        """The row of 评分 of each item of the regulation."""
        return score_rows(self.submission.scores, self.regulation)

    @cached_property
    def indicators(self) -> Frame:
        """指标 with a column `judged`: each row with its score and its rules, and a column `sign`: its 指标性质 as it counts
        for the checks."""
        scores = {score.indicator.row: score for score in self.scorecard.indicators} if self.scorecard else {}
        rows = [Row(i, scores.get(i.row), self.regulation_of(i.subject.value)) for i in self.submission.indicators]
        return with_columns(self.frames.indicators, judged=rows, sign=[row.nature for row in rows])

    @cached_property
    def by_subject(self) -> Mapping[str, list[Row]]:
        """The rows of each 适用对象 as written, in the sheet's order; those without a readable one under NO_SUBJECT."""
        return by_subject(self.indicators.judged)

    @cached_property
    def by_meant_subject(self) -> Mapping[str, list[Row]]:
        """The rows of each known 适用对象, misspelt ones included; those that cannot be placed under NO_SUBJECT."""
        return by_meant_subject(self.by_subject, self.known_subjects)

    @cached_property
    def misfits(self) -> Mapping[int, Misfit]:
        """What is wrong with a row's two values, by the row's number; no entry where they can be compared, or where one
        of them is missing."""
        return misfits(self.indicators.judged)

    @cached_property
    def known_subjects(self) -> tuple[str, ...]:
        """What 适用对象 may say: 部门整体 or a 项目名称; of projects alone only the latter, as in the template's drop-down."""
        whole = () if self.kind == PROJECT_KIND else (WHOLE_DEPARTMENT,)
        return (*whole, *dict.fromkeys(name for name in self.frames.projects["name"] if name))

    def regulation_of(self, subject: str | None) -> Regulation | None:
        """部门整体 is under the department's scheme, a project under the one for projects."""
        return self.regulation if subject == WHOLE_DEPARTMENT else self.project_regulation

    @property
    def kind(self) -> str | None:
        """评价类型; None where it is not known or reported to be wrong, so that nothing is concluded from it."""
        is_wrong = any(finding.code == WRONG_KIND for finding in self.reader_findings)
        return None if is_wrong else self.submission.basic.kind.value

    @property
    def project_regulation(self) -> Regulation | None:
        """The regulation the projects' indicators are scored under: a department's scheme names one, a project's is its
        own."""
        regulation = self.regulation
        if regulation is None or regulation.kind == PROJECT_KIND:
            return regulation
        return regulation.project_regulation

    @property
    def year(self) -> int | None:
        """评价年度; None where it cannot be one, so that nothing is counted from it."""
        year = self.submission.basic.year.value
        return year if year is not None and EARLIEST_YEAR <= year <= LATEST_YEAR else None

    def to_type(self, amount: Decimal) -> str:
        """An amount in 万元 as it has to be typed: in the workbook's own unit."""
        unit = self.submission.money_unit
        return show_amount(amount) if unit == WAN else show_number(in_unit(half_up(amount), unit))

    def limit(self, name: str) -> Decimal | None:
        """The regulation's threshold of that name; None where it sets none, then nothing is asked of it."""
        return self.regulation.threshold(name) if self.regulation else None

    def clause(self, name: str) -> str:
        """The clause of that threshold; empty where there is none."""
        found = self.regulation.thresholds.get(name) if self.regulation else None
        return found.provenance.words if found else ""


Check = Callable[[Context], Iterable[Finding]]
