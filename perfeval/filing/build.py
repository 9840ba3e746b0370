"""The typed entities of a Submission from the form's sheets, with everything the reader has to say of their cells."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from perfeval.excel.read import RawSheet
from perfeval.filing.answers import without_empty_words
from perfeval.filing.filled import hidden_rows
from perfeval.filing.headers import Found, find, tidy
from perfeval.filing.labelled import read_grid, read_labels
from perfeval.filing.outside import outside
from perfeval.filing.rows import Row
from perfeval.filing.rule_sheets import read_rule_sheets
from perfeval.filing.subjects import with_funded_projects, with_listed_duties, with_listed_projects
from perfeval.filing.tables import Table, read_table
from perfeval.findings.finding import Finding
from perfeval.model import form
from perfeval.model import submission as model
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.form import FORM, GRAND_TOTAL_LABEL, Shape, Sheet
from perfeval.model.money_units import WAN
from perfeval.model.regulation import Regulation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known of a workbook before its cells are read. `kind` is 评价类型 as it is treated."""

    source: model.Source
    kind: str
    sheets: Mapping[str, RawSheet]
    template_id: str
    template_version: str
    asking: Regulation | None = None  # what asks for sheets besides the form's own


@dataclass(frozen=True, slots=True)
class _Located:
    """A sheet of the form and where its parts lie; `raw` and `found` are None where it is missing."""

    sheet: Sheet
    raw: RawSheet | None
    found: Found | None
    reported_rows: frozenset[int] = (
        frozenset()
    )  # that have a finding of their own: a misspelt label, one that is there twice


class _Reader:
    """Reads the sheets in the form's order and gathers what is to be reported."""

    def __init__(self, filed: Filed) -> None:
        self.findings: list[Finding] = []
        self.located = {sheet.key: self._locate(sheet, filed) for sheet in FORM if sheet.shape is not Shape.NOTES}
        self.year: int | None = None
        self.money_unit = WAN

    def _locate(self, sheet: Sheet, filed: Filed) -> _Located:
        raw = filed.sheets.get(sheet.name)
        if raw is None or filed.kind not in sheet.kinds:
            return _Located(sheet, None, None)
        found, findings = find(raw, sheet)
        self.findings += findings
        return _Located(sheet, raw, found, frozenset(f.ref.row for f in findings if f.ref is not None))

    def labels(self, key: str, entity: Callable[..., T]) -> T:
        located = self.located[key]
        read = read_labels(located.raw, located.sheet, located.found)
        self.findings += read.findings
        return entity(**{name: cells["value"] for name, cells in read.cells.items()})

    def grid(self, key: str, row: Callable[..., Any], entity: Callable[..., T]) -> T:
        located = self.located[key]
        read = read_grid(located.raw, located.sheet, located.found, self.money_unit)
        self.findings += read.findings
        without_empty_words(list(read.cells.values()), [row.label for row in located.sheet.rows])
        return entity(**{name: row(**cells) for name, cells in read.cells.items()})

    def table(self, key: str) -> tuple[Row, ...]:
        located = self.located[key]
        if located.raw is None or located.found is None:
            return ()
        table: Table = read_table(located.raw, located.sheet, located.found, self.year, self.money_unit)
        self.findings += table.findings
        without_empty_words([row.cells for row in table.rows])
        return table.rows

    def entities(self, key: str, entity: Callable[..., T]) -> tuple[T, ...]:
        return tuple(_entity(row, entity) for row in self.table(key))


def _entity(row: Row, entity: Callable[..., T]) -> T:
    return entity(row=row.number, **row.cells)


def build(filed: Filed) -> tuple[model.Submission, tuple[Finding, ...]]:
    """The Submission, and the findings about headers, labels and cells in the form's order, root cause first."""
    reader = _Reader(filed)
    basic = reader.labels("basic", model.Basic)
    reader.year, reader.money_unit = basic.year.value, basic.money_unit.value or WAN
    functions = reader.entities("functions", model.Function)
    money = reader.grid("money", model.MoneyRow, model.Money)
    cut = reader.grid("cut", model.CutRow, model.Cut)
    controlled = reader.entities("controlled_items", model.ControlledItem)
    progress = reader.entities("progress", model.Progress)
    management = reader.grid("management", model.ManagementRow, model.Management)
    duties = reader.entities("duties", model.Duty)
    duty_data, reported = with_listed_duties(reader.entities("duty_data", model.DutyDatum), duties)
    reader.findings += reported
    projects = reader.entities("projects", model.Project)
    indicators, reported = with_listed_projects(reader.entities("indicators", model.Indicator), projects)
    reader.findings += reported
    funds, reported = with_funded_projects(reader.entities("funds", model.Fund), projects)
    reader.findings += reported
    score_rows = reader.table("scores")
    texts = reader.entities("texts", model.ReportText)
    problems = reader.entities("problems", model.Problem)
    supplements, criteria, reported = read_rule_sheets(
        filed.asking, filed.sheets, projects, reader.year, reader.money_unit
    )
    reader.findings += reported
    built = model.Submission(
        source=filed.source,
        basic=basic,
        functions=functions,
        money=money,
        cut=cut,
        controlled_items=controlled,
        progress=progress,
        management=management,
        duties=duties,
        duty_data=duty_data,
        projects=projects,
        indicators=indicators,
        scores=tuple(_entity(row, model.ScoreRow) for row in score_rows if not _is_grand_total(row)),
        grand_total=_grand_total(score_rows, reader.located["scores"]),
        texts=texts,
        problems=problems,
        absent_sheets=frozenset(located.sheet.name for located in reader.located.values() if located.found is None),
        headers=_headers(reader.located.values()),
        template_id=filed.template_id,
        template_version=filed.template_version,
        supplements=supplements,
        criteria=criteria,
        funds=funds,
        withheld=frozenset(_withheld(reader.located.values())),
    )
    return built, (*reader.findings, *_around(reader.located.values()))


def _around(located: Iterable[_Located]) -> list[Finding]:
    """What is reported of a whole sheet: hidden rows that hold data, content outside of the table."""
    found: list[Finding] = []
    for place in located:
        if place.raw is not None and place.found is not None:
            found += hidden_rows(place.raw, place.sheet, place.found)
            found += outside(place.raw, place.sheet, place.found, place.reported_rows)
    return found


def empty_submission(source: model.Source) -> model.Submission:
    """What is known of a file that cannot be read: nothing but where it came from."""
    return build(Filed(source, model.DEPARTMENT_KIND, {}, "", ""))[0]


def _is_grand_total(row: Row) -> bool:
    return GRAND_TOTAL_LABEL in (tidy(row.cells["item_id"].raw), tidy(row.cells["item_name"].raw))


def _grand_total(rows: tuple[Row, ...], located: _Located) -> Cell[Decimal]:
    label = f"{GRAND_TOTAL_LABEL} {form.SCORES.field('declared').label}"
    for row in rows:
        if _is_grand_total(row):
            cell = row.cells["declared"]
            return Cell(cell.ref, label, cell.raw, cell.value, cell.state)
    return Cell(
        CellRef(located.sheet.name, 1, 1), label, "", None, State.ABSENT if located.found is None else State.BLANK
    )


def _withheld(located: Iterable[_Located]) -> Iterator[CellRef]:
    for place in located:
        if place.raw is not None and place.found is not None:
            for key in place.found.withheld:
                column, row = place.found.columns.get(key), place.found.rows.get(key)
                yield CellRef(place.raw.name, 0, column) if column else CellRef(place.raw.name, row or 0, 0)


def _headers(located: Any) -> dict[tuple[str, str], CellRef]:
    return {
        (place.sheet.name, key): CellRef(place.raw.name, place.found.header_row, column)
        for place in located
        if place.raw is not None and place.found is not None
        for key, column in place.found.columns.items()
    }
