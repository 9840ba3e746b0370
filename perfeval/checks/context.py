"""What every check is given, and the shape of a check."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfeval.findings.finding import Finding
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import Scorecard
from perfeval.model.submission import PROJECT_KIND, Submission

WRONG_KIND = "SHEET_007"  # the reader: 评价类型 does not fit the sheets that are filled in
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100  # what can be meant by a 评价年度 at all (checks.md), not a rule of any regulation


@dataclass(frozen=True, slots=True, eq=False)  # each is one workbook's: told apart by identity, so that what is drawn from it can be kept
class Context:
    """A filed workbook with its regulation and scores; these two are None where 指标体系 is not a known one.

    `regulations` are all installed ones by id; `previous` is the same department's workbook of the year before, where the operator gave one; `told` is what the
    reader has told of the workbook. A check reads from here alone and returns findings; it changes nothing.
    """

    submission: Submission
    regulation: Regulation | None
    scorecard: Scorecard | None
    regulations: Mapping[str, Regulation]
    previous: Submission | None = None
    told: tuple[Finding, ...] = ()

    @property
    def kind(self) -> str | None:
        """评价类型; None where it is not known or told to be wrong, so that nothing is concluded from it."""
        is_wrong = any(finding.code == WRONG_KIND for finding in self.told)
        return None if is_wrong else self.submission.basic.kind.value

    @property
    def project_regulation(self) -> Regulation | None:
        """The regulation the projects' indicators are scored under: a department's scheme names one, a project's is its own."""
        regulation = self.regulation
        if regulation is None or regulation.kind == PROJECT_KIND:
            return regulation
        return regulation.project_regulation

    @property
    def year(self) -> int | None:
        """评价年度; None where it cannot be one, so that nothing is reckoned from it."""
        year = self.submission.basic.year.value
        return year if year is not None and EARLIEST_YEAR <= year <= LATEST_YEAR else None

    def limit(self, name: str) -> Decimal | None:
        """The regulation's threshold of that name; None where it sets none, then nothing is asked about it."""
        return self.regulation.threshold(name) if self.regulation else None

    def clause(self, name: str) -> str:
        """The clause of that threshold; empty where there is none."""
        found = self.regulation.thresholds.get(name) if self.regulation else None
        return found.provenance.clause if found else ""


Check = Callable[[Context], Iterable[Finding]]
