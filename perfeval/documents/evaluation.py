"""Everything known of one workbook once it is read, checked and scored: what every document is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from perfeval.findings.finding import Finding, Signal
from perfeval.model.follow_up import FollowUp
from perfeval.model.frames import Frames
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import ItemScore, Scorecard
from perfeval.model.status import IGNORED as IGNORED
from perfeval.model.status import REJECTED as REJECTED
from perfeval.model.status import REPORTED as REPORTED
from perfeval.model.status import RETURNED as RETURNED
from perfeval.model.submission import Submission
from perfeval.rules.frames import frames_for
from perfeval.rules.missed import missed


@dataclass(frozen=True, slots=True)
class Revision:
    """Which version of a department's filing a workbook is, and what it names as its predecessor: sha256 and version,
    '' and 0 for none."""

    version: int = 1
    predecessor: str = ""
    predecessor_version: int = 0


FIRST_VERSION = Revision()


@dataclass(frozen=True, slots=True)
class LastYear:
    """What last year's filing of a department came to: its total in points, its grade, its execution rate as a
    fraction; None for what cannot be computed."""

    year: int
    total: Decimal | None
    grade: str | None
    execution_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One workbook, judged. `regulation` and `scorecard` are None where 指标体系 is missing or unknown.

    `status` is reported, returned or rejected; of a rejected file the submission is an empty one that knows its source,
    and `findings` say why. `as_of` is the report date (成文日期); `versions` are those of perfeval, regulations and
    template, as the run record prints them; `revision` says which version of the filing it is; `original` are the bytes
    of the workbook as it was filed; `follow_ups` say what became of last year's suggestions, None where last year's
    workbook is not known; `last_year` what that came to.
    """

    submission: Submission
    regulation: Regulation | None
    scorecard: Scorecard | None
    findings: tuple[Finding, ...]
    signals: tuple[Signal, ...]
    status: str
    as_of: date
    versions: Mapping[str, str]
    revision: Revision = FIRST_VERSION
    original: bytes = field(default=b"", repr=False)
    follow_ups: tuple[FollowUp, ...] | None = None
    last_year: LastYear | None = None

    @property
    def department(self) -> str | None:
        """部门名称; None where it is not filled in."""
        return self.submission.basic.department.value

    @property
    def year(self) -> int | None:
        """评价年度; None where it is not filled in."""
        return self.submission.basic.year.value

    @property
    def kind(self) -> str | None:
        """评价类型: 部门整体 or 项目支出."""
        return self.submission.basic.kind.value

    @property
    def total(self) -> Decimal | None:
        """The score in points, not rounded; None where it cannot be computed, and for several projects, which have one
        each."""
        return self.scorecard.total if self.scorecard else None

    @property
    def grade(self) -> str | None:
        """The grade of `total`, as 优."""
        return self.scorecard.grade if self.scorecard else None

    @property
    def items(self) -> tuple[ItemScore, ...]:
        """The regulation's items, each with its score and the figures it was computed from."""
        return self.scorecard.items if self.scorecard else ()

    @property
    def frames(self) -> Frames:
        """The filed tables with everything that was computed of them."""
        return frames_for(self.submission, self.scorecard)

    @property
    def missed(self) -> tuple[str, ...]:
        """What was not reached, in words."""
        return missed(self.submission, self.scorecard, self.frames)


@dataclass(frozen=True, slots=True)
class PreviousYear:
    """A department's filed workbook of an earlier year, and the sha256 of its bytes."""

    department: str
    year: int
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator chose, the same for every workbook of a run; survives the way into a worker process."""

    today: date
    as_of: date | None = None
    regulations: Path | None = None
    templates: tuple[Path, ...] = ()
    annotated: bool = False
    previous: tuple[PreviousYear, ...] = ()
    public: bool = False
