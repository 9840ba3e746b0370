"""Which of the workbook's sheets are the form's: missing, misspelt, hidden, unknown ones; the template's id and
version."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfeval.excel.read import RawSheet, RawWorkbook, UnreadSheet
from perfeval.filing.filled import is_filled
from perfeval.filing.headers import closest, tidy
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.cells import CellRef
from perfeval.model.form import (
    FINDINGS_SHEET,
    FORM,
    LIST_SHEET,
    NOTES,
    PREFILL_SHEET,
    RULE_SHEETS,
    TEMPLATE_ID_LABEL,
    TEMPLATE_VERSION,
    TEMPLATE_VERSION_LABEL,
    Sheet,
)

PREDECESSOR_LABEL, PREDECESSOR_VERSION_LABEL = "原文件校验值", "原文件版本"
VERSION_NUMBER, YEAR_NUMBER = re.compile(r"第([1-9][0-9]{0,3})版"), re.compile(r"([0-9]{4})年度")
OWN_SHEETS = frozenset({LIST_SHEET, FINDINGS_SHEET, PREFILL_SHEET})
READ_SHEETS = frozenset(
    {*(sheet.name for sheet in (*FORM, *RULE_SHEETS)), FINDINGS_SHEET}
)  # the limits and the soundness of all others are nobody's business
LABEL_ROWS, LABEL_COLUMNS = 60, 12  # where a label of 填报说明 or 问题清单 is looked for
NAMED_SHEETS = 5  # that the notice of sheets of their own names
CHANGES: Mapping[str, str] = {
    "1.0": "首个版本",
    "1.1": "“项目”表增加可以不填的一列“执行率自评得分”",
    "1.2": "“收支”增加可以不填的两行“支出来源：单位资金”“支出来源：其他资金”，“基本情况”增加可以不填的两行“机构性质”“金额单位”，"
    "“项目”增加可以不填的四列“主管部门”“实施单位”“年度目标”“目标完成情况”，增加可以不填的一张表“项目资金”",
}  # what each template version changed, for a workbook filled from an older one


@dataclass(frozen=True, slots=True)
class Sheets:
    """The form's sheets that are there, by their name in the form; `missing` of those needed, and the findings."""

    found: Mapping[str, RawSheet]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]


def match_sheets(workbook: RawWorkbook, needed: Iterable[Sheet], asked: Collection[Sheet] = ()) -> Sheets:
    """The form's sheets among the workbook's. `needed` are those whose absence is an error; 填报说明 may always be gone.
    `asked` are those of the regulation: where it asks for none, a sheet of that name is the official's own."""
    known = [*FORM, *asked]
    found = {sheet.name: workbook.sheets[sheet.name] for sheet in known if sheet.name in workbook.sheets}
    strangers = {sheet.name: sheet for sheet in workbook.unread if sheet.name not in OWN_SHEETS}
    findings: list[Finding] = []
    missing = []
    for sheet in (*needed, *asked):
        if sheet.name in found or sheet is NOTES:
            continue
        absent = _missing(sheet.name, strangers)
        if not sheet.added or absent.code != "SHEET_001":
            missing.append(sheet.name)
            findings.append(absent)
    findings += [
        _hidden(found[sheet.name]) for sheet in known if sheet.name in found and _hides_data(found[sheet.name], sheet)
    ]
    findings += [_hidden(sheet) for sheet in strangers.values() if sheet.hidden and sheet.is_filled]
    own = [sheet.name for sheet in RULE_SHEETS if sheet.name in workbook.sheets and sheet.name not in found]
    findings += other_sheets([*(sheet.name for sheet in strangers.values() if not sheet.hidden), *own])
    return Sheets(found, tuple(missing), tuple(findings))


def _missing(name: str, strangers: dict[str, UnreadSheet]) -> Finding:
    alike = next((other for other in strangers if tidy(other) == tidy(name)), None)
    alike = alike or next((other for other in strangers if closest(other, [name])), None)
    if alike is None:
        return make("SHEET_001", CellRef(name, 1, 1), found="", expected=name, name=name)
    sheet = strangers.pop(alike)
    return make("SHEET_002", CellRef(sheet.name, 1, 1), found=sheet.name, expected=name, name=name)


def _hides_data(raw: RawSheet, sheet: Sheet) -> bool:
    return raw.hidden and sheet is not NOTES and is_filled(raw, sheet)


def _hidden(sheet: RawSheet | UnreadSheet) -> Finding:
    return make("SHEET_003", CellRef(sheet.name, 1, 1), found=sheet.name)


def other_sheets(names: Sequence[str]) -> list[Finding]:
    """One notice of all the sheets that are not the form's; none where there are none."""
    if not names:
        return []
    more = f"等 {len(names)} 张工作表" if len(names) > NAMED_SHEETS else ""
    found = "、".join(f"“{name}”" for name in names[:NAMED_SHEETS]) + more
    return [make("SHEET_004", CellRef(names[0], 1, 1), found=found)]


def value_beside(sheet: RawSheet | None, label: str) -> tuple[str, CellRef | None]:
    """The text right of a label, and its cell; ('', None) where the label is not there."""
    if sheet is None:
        return "", None
    for row in range(1, min(sheet.height, LABEL_ROWS) + 1):
        for column in range(1, min(sheet.width, LABEL_COLUMNS) + 1):
            if tidy(sheet.text(row, column)) == label:
                beside = sheet.cell(row, column + 1)
                return beside.text, beside.ref
    return "", None


def predecessor_of(raw: Mapping[str, RawSheet], year: int | None) -> tuple[str, int]:
    """The sha256 of the workbook this one was corrected from, and which version of the filing that was; ('', 0) where
    it names none.

    A 问题清单 sheet from before versions were counted was made from the first one. A sheet of another year than `year` is
    left over from the workbook that this one was begun with: it names nobody.
    """
    sha256, version, _ = _named(raw)
    return (sha256, version) if sha256 and not other_year(raw, year) else ("", 0)


def named_by(raw: Mapping[str, RawSheet]) -> str:
    """The sha256 that a workbook's 问题清单 sheet names, of whatever year; '' where it names none."""
    return _named(raw)[0]


def other_year(raw: Mapping[str, RawSheet], year: int | None) -> int | None:
    """The year of the workbook this one was made from, where it is another than `year`; None where they agree or one of
    them is not reported."""
    sha256, _, named = _named(raw)
    return named if sha256 and named and year and named != year else None


def _named(raw: Mapping[str, RawSheet]) -> tuple[str, int, int | None]:
    page = raw.get(FINDINGS_SHEET)
    sha256, _ = value_beside(page, PREDECESSOR_LABEL)
    text, _ = value_beside(page, PREDECESSOR_VERSION_LABEL)
    version, of_year = VERSION_NUMBER.search(text), YEAR_NUMBER.search(text)
    return sha256, int(version[1]) if version else 1, int(of_year[1]) if of_year else None


@dataclass(frozen=True, slots=True)
class Template:
    """The template a workbook was filled from; '' where 填报说明 does not say."""

    id: str
    version: str
    findings: tuple[Finding, ...]


def template_of(raw: Mapping[str, RawSheet]) -> Template:
    """Template id and version, with a notice where the version is an older one.

    The second figure counts up where only columns that may be missing or blank were added: a workbook without them has
    nothing to be reported.
    """
    identity, _ = value_beside(raw.get(NOTES.name), TEMPLATE_ID_LABEL)
    version, place = value_beside(raw.get(NOTES.name), TEMPLATE_VERSION_LABEL)
    filed, current = _numbers(version), _numbers(TEMPLATE_VERSION)
    if place is None or not filed or filed[0] >= current[0]:
        return Template(identity, version, ())
    changes = "；".join(f"{number}：{text}" for number, text in CHANGES.items() if _numbers(number) > filed)
    found = make(
        "SHEET_006", place, found=version, expected=TEMPLATE_VERSION, label=TEMPLATE_VERSION_LABEL, changes=changes
    )
    return Template(identity, version, (found,))


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.lower().removeprefix("v").split(".")
    return tuple(int(part) for part in parts) if all(part.isascii() and part.isdigit() for part in parts) else ()
