"""One reviewed score workbook, as the documents of a review show it."""

from dataclasses import dataclass

from perfeval.exchange.review.lines import Line, Unit
from perfeval.findings.finding import Finding
from perfeval.model.regulation import Regulation
from perfeval.output.sets import PublishedSet

ACCEPTED, REFUSED, NOT_REVIEWED = "已复核", "退回复核人员", "未复核"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A reviewed workbook (`file`), the set it belongs to (None where it is not known), what became of it.

    `units` are there only where its cells could be trusted. A set without a reviewed workbook has status 未复核 and no
    file.
    """

    file: str
    known: PublishedSet | None
    status: str
    findings: tuple[Finding, ...]
    units: tuple[Unit, ...] = ()
    regulation: Regulation | None = None

    @property
    def commented(self) -> tuple[tuple[Unit, Line], ...]:
        """The lines whose score was changed or that carry an opinion."""
        return tuple((unit, line) for unit in self.units for line in unit.parts if line.is_changed or line.opinion)

    @property
    def department(self) -> str:
        """Whose it is, or that this is not known."""
        return self.known.department if self.known else "（认不出部门）"
