"""What is said of a careful newcomer's workbooks: few lines, and one round is enough."""

from collections import Counter
from collections.abc import Callable

import pytest
from dirty_workbooks import dirty_department, dirty_project, mended
from planting import findings_of
from remedies import open_ones

from perfeval.findings.finding import Severity
from perfeval.findings.gather import gathered
from perfeval.findings.render import ORDER, by_severity

DIRTY = pytest.mark.parametrize("made", [dirty_department, dirty_project])
Made = Callable[[], tuple[bytes, dict[str, object]]]
MOST_LINES = 25  # where 62 were shown


@DIRTY
def test_few_lines_are_shown(made: Made) -> None:
    every = findings_of(made()[0])
    shown = [f for f in gathered(every) if not f.answered]
    assert len(every) > 62
    assert len(shown) <= MOST_LINES
    readings = Counter((f.code, f.ref.sheet, f.ref.column) for f in shown if f.severity is Severity.NOTICE and f.ref)
    assert max(readings.values()) == 1


@DIRTY
def test_one_round_mends_everything(made: Made) -> None:
    content, repairs = made()
    left = [f for f in open_ones(findings_of(mended(content, repairs))) if f.code != "PROJECT_009"]
    assert [(f.code, str(f.ref), f.message) for f in left] == []


@DIRTY
def test_errors_come_first_then_by_sheet_and_cell(made: Made) -> None:
    shown = by_severity(gathered(findings_of(made()[0])))
    assert [ORDER[f.severity] for f in shown] == sorted(ORDER[f.severity] for f in shown)
    errors = [f.ref for f in shown if f.severity is Severity.ERROR and f.ref]
    by_sheet = [[ref.row for ref in errors if ref.sheet == sheet] for sheet in dict.fromkeys(r.sheet for r in errors)]
    assert by_sheet == [sorted(rows) for rows in by_sheet]
