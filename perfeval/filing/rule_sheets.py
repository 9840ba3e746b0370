"""The sheets a regulation asks for besides the form's own: 补充数据, each row typed as its input says, and 评分要点."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from perfeval.excel.read import RawSheet
from perfeval.filing.convert import Beside, convert
from perfeval.filing.headers import Found, closest, find, tidy
from perfeval.filing.labelled import read_beside
from perfeval.filing.tables import read_table
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import Cell, CellRef, State
from perfeval.model.form import CRITERIA, OWNER, SUPPLEMENT, YES_NO, Field, Kind, Need, Sheet, of_projects
from perfeval.model.money_units import WAN
from perfeval.model.names import plain_name
from perfeval.model.regulation import Asked, Regulation
from perfeval.model.submission import PROJECT_KIND, Criterion, Project, Supplement

KINDS = {
    "amount": Kind.AMOUNT, "count": Kind.COUNT, "number": Kind.NUMBER, "rate": Kind.RATE, "yes_no": Kind.CHOICE,
    "date": Kind.DATE, "text": Kind.LONG_TEXT,
}  # fmt: skip
Read = tuple[tuple[Supplement, ...], tuple[Criterion, ...], tuple[Finding, ...]]


def asked_sheets(regulation: Regulation | None) -> tuple[Sheet, ...]:
    """The sheets the regulation asks for; each row is of a project where it is for projects."""
    if regulation is None:
        return ()
    sheets = [sheet for sheet, asks in ((SUPPLEMENT, regulation.inputs), (CRITERIA, regulation.judged)) if asks]
    return tuple(of_projects(sheet) if regulation.kind == PROJECT_KIND else sheet for sheet in sheets)


def input_field(asked: Asked) -> Field:
    """The cell of an input, as the template offers and the reader reads it."""
    need = Need.REQUIRED if asked.required else Need.OPTIONAL
    choices = YES_NO if asked.kind == "yes_no" else ()
    return Field("content", asked.label, KINDS[asked.kind], need, choices, help=asked.help)


def read_rule_sheets(
    regulation: Regulation | None,
    sheets: Mapping[str, RawSheet],
    projects: Sequence[Project],
    year: int | None,
    money_unit: str = WAN,
) -> Read:
    """Their rows, and what is to be reported of them; a sheet that is missing has been reported. Amounts are there in
    `money_unit`."""
    supplements: tuple[Supplement, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    reported: list[Finding] = []
    for sheet in asked_sheets(regulation):
        raw = sheets.get(sheet.name)
        found, findings = find(raw, sheet) if raw is not None else (None, ())
        reported += findings
        if raw is None or found is None or regulation is None:
            continue
        if sheet.key == SUPPLEMENT.key:
            reader = _Supplements(raw, sheet, found, regulation, projects, money_unit)
            supplements = tuple(reader.rows())
            reported += reader.findings
        else:
            table = read_table(raw, sheet, found, year, money_unit)
            criteria = tuple(_criterion(row.number, row.cells, raw) for row in table.rows)
            reported += table.findings
    return supplements, criteria, tuple(reported)


def _criterion(number: int, cells: Mapping[str, Cell[Any]], raw: RawSheet) -> Criterion:
    known: dict[str, Any] = {
        "subject": Cell(CellRef(raw.name, number, 1), OWNER.label, "", None, State.ABSENT),
        **cells,
    }
    return Criterion(row=number, **known)


@dataclass
class _Supplements:
    """The rows of 补充数据 on their way to values."""

    raw: RawSheet
    sheet: Sheet
    found: Found
    regulation: Regulation
    projects: Sequence[Project]
    money_unit: str

    def __post_init__(self) -> None:
        self.findings: list[Finding] = []
        self._asked = {tidy(asked.label): asked for asked in self.regulation.inputs}
        self._seen: set[tuple[str, str]] = set()
        self._strangers: list[Cell[str]] = []

    def rows(self) -> Iterator[Supplement]:
        """Each row that belongs to an input; the others and the missing ones are reported."""
        for number in range(self.found.header_row + 1, self.raw.height + 1):
            label = self._text(number, "name")
            asked = self._asked.get(tidy(label.raw))
            if asked is None:
                self._strangers += [label] if label.is_read and self._is_filled(number) else []
                continue
            subject = self._text(number, "subject")
            owner = (plain_name(subject.raw), asked.key)
            if owner in self._seen:
                self.findings.append(make("COLUMN_007", label, name=asked.label))
                continue
            self._seen.add(owner)
            content, source = self._content(number, asked), self._text(number, "source")
            yield Supplement(number, asked.key, subject, content, source, asked.kind)
        self.findings += self._misspelt()
        self.findings += self._outside()
        self.findings += self._missing()

    def _text(self, number: int, key: str) -> Cell[str]:
        column = self.found.columns.get(key)
        field = next((f for f in self.sheet.fields if f.key == key), OWNER)
        if column is None:
            return Cell(CellRef(self.raw.name, number, 1), field.label, "", None, State.ABSENT)
        return convert(self.raw.cell(number, column), field, field.label)[0]

    def _content(self, number: int, asked: Asked) -> Cell[Any]:
        column = self.found.columns.get("content")
        if column is None:
            return Cell(CellRef(self.raw.name, number, 1), asked.label, "", None, State.ABSENT)
        beside = Beside(asked.unit, money_unit=self.money_unit)
        cell, reported = read_beside(self.raw, number, column, input_field(asked), asked.label, beside)
        self.findings += reported
        return cell

    def _is_filled(self, number: int) -> bool:
        return any(
            self.raw.filled(number, self.found.columns[key])
            for key in ("content", "source")
            if key in self.found.columns
        )

    def _outside(self) -> Iterator[Finding]:
        """SHEET_008 for the filled rows of no input, once: they are in no score."""
        misspelt = {finding.ref for finding in self.findings if finding.code == "COLUMN_005"}
        strangers = [label for label in self._strangers if label.ref not in misspelt]
        if strangers:
            yield make("SHEET_008", strangers[0], alike=tuple(label.ref for label in strangers[1:]))

    def _misspelt(self) -> Iterator[Finding]:
        """A row with content whose 数据项 the regulation does not know."""
        open_rows = [asked.label for asked in self.regulation.inputs if asked.key not in {key for _, key in self._seen}]
        for label in self._strangers:
            meant = closest(label.raw, open_rows)
            if meant is not None:
                open_rows.remove(meant)
                self._seen |= {(owner, self._asked[tidy(meant)].key) for owner in self._owners()}
                yield make("COLUMN_005", label, expected=meant, name=meant)

    def _missing(self) -> Iterator[Finding]:
        """A required input without a row, for each project where there are several."""
        for owner in self._owners():
            for asked in self.regulation.inputs:
                if asked.required and not {(owner, asked.key), ("", asked.key)} & self._seen:
                    place = CellRef(self.raw.name, self.found.header_row, self.found.columns.get("name", 1))
                    yield make("COLUMN_004", place, found="", expected=asked.label, label=asked.label, name=asked.label)

    def _owners(self) -> Iterable[str]:
        if self.regulation.kind != PROJECT_KIND:
            return ("",)
        return tuple(dict.fromkeys(plain_name(p.name.value) for p in self.projects if p.name.value))
