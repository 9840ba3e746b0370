"""Everything known of one workbook once it is read, checked and scored: what every document is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from perfeval.findings.finding import Finding, Signal
from perfeval.model.regulation import Regulation
from perfeval.model.scorecard import Scorecard
from perfeval.model.submission import Submission


@dataclass(frozen=True, slots=True)
class Package:
    """One workbook after the stages. `regulation` and `scorecard` are None where 指标体系 is missing or unknown.

    `status` is reported or returned; `as_of` the report date (成文日期); `versions` of perfeval, regulations and template, as the run record prints them.
    """

    submission: Submission
    regulation: Regulation | None
    scorecard: Scorecard | None
    findings: tuple[Finding, ...]
    signals: tuple[Signal, ...]
    status: str
    as_of: date
    versions: Mapping[str, str]
