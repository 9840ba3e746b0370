"""The plan of a workbook package: which part is which sheet, its visibility, the number formats, whether cached results
can be trusted."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfeval.excel.formats import OFFICE_FOLDERS, TEMPLATE
from perfeval.excel.guard import CONTENT_TYPES, Archive, Refused, open_archive, refuse, refuse_format
from perfeval.excel.scan import elements
from perfeval.findings.catalogue import make
from perfeval.model.names import visible

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/"
ROOT_RELATIONS = "_rels/.rels"
SHEET_RELATION, MACRO_SHEET = "worksheet", "macrosheet"

YEAR_MONTH, MONTH_DAY, WHOLE_DAY, CLOCK = 'yyyy"年"m"月"', 'm"月"d"日"', "yyyy-mm-dd", "h:mm:ss"
BUILT_IN_FORMATS = {  # ECMA-376 part 1, 18.8.30, with the Chinese meaning of 27 to 36 and 50 to 58
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "16": "d-mmm",
    "17": "mmm-yy",
    **dict.fromkeys(("14", "15", "22", "30", "31"), WHOLE_DAY),
    **dict.fromkeys(("18", "19", "20", "21", "32", "33", "34", "35", "45", "46", "47", "55", "56"), CLOCK),
    **dict.fromkeys(("27", "36", "50", "52", "57"), YEAR_MONTH),
    **dict.fromkeys(("28", "29", "51", "53", "54", "58"), MONTH_DAY),
}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its name as it is saved, its part, whether it is hidden and whether it holds cells (a
    chart sheet does not)."""

    name: str
    part: str
    hidden: bool
    has_cells: bool

    @property
    def seen_name(self) -> str:
        """The name as people see it."""
        return visible(self.name).strip()


@dataclass(frozen=True, slots=True)
class Plan:
    """What the workbook part says. `formats` gives the number format code of each style index; `stale_results` is True
    where whoever saved the file left its formulas to be recalculated on opening; `as_displayed` where it counts with
    the precision its cells show; `from_1904` where its days are counted
    from 1904.

    `strings` is the part of the shared texts, None where there is none.
    """

    sheets: tuple[SheetPart, ...]
    formats: tuple[str, ...]
    stale_results: bool
    from_1904: bool
    strings: str | None
    as_displayed: bool = False


def plan_of(archive: Archive) -> Plan:
    """The plan of the package; whether its sheets are there and sound is not looked at. Raises Refused: strict format,
    missing part, macros, damaged XML."""
    workbook = _workbook_part(archive)
    _refuse_other_types(_part_types(archive, workbook))
    relations = _relations(archive, workbook)
    if any(kind.lower().endswith(MACRO_SHEET) for kind, _ in relations.values()):
        raise refuse("FILE_006")
    sheets, stale, from_1904, as_displayed = _read_workbook(archive, workbook, relations)
    strings, styles = (
        next((target for k, target in relations.values() if k == kind), None) for kind in ("sharedStrings", "styles")
    )
    refuse_missing(archive, (part for part in (strings, styles) if part is not None))
    formats = _formats(archive, styles) if styles else ()
    return Plan(sheets, formats, stale, from_1904, strings, as_displayed)


def open_workbook(content: bytes, name: str, whole: bool) -> Archive:
    """As open_archive. Raises Refused too, naming the sheets that make a workbook too large."""
    try:
        return open_archive(content, name, whole)
    except Refused as refused:
        heavy = refused.words.get("heavy")
        if not isinstance(heavy, tuple) or not heavy:
            raise
        raise _blaming_sheets(refused, content, name, heavy) from None


def _blaming_sheets(refused: Refused, content: bytes, name: str, heavy: tuple[str, ...]) -> Refused:
    """The refusal with the names of the sheets that the heavy parts are; as it is where they are something else, or
    the rest is no sound workbook."""
    try:
        plan = plan_of(open_archive(content, name, whole=False, without=heavy))
    except Refused:
        return refused
    lower = {part.lower() for part in heavy}
    names = [sheet.seen_name for sheet in plan.sheets if sheet.part.lower() in lower]
    sheets = "、".join(f"“{name}”" for name in names)
    return refuse("FILE_023", size=refused.words["heavy_size"], sheets=sheets) if len(names) == len(heavy) else refused


def _refuse_other_types(kind: str) -> None:
    if kind.endswith(MAIN_TYPE):
        return
    raise refuse("FILE_006") if "macroEnabled" in kind else refuse_format(TEMPLATE)


def _elements(archive: Archive, part: str) -> list[tuple[str, dict[str, str]]]:
    return elements(archive.xml(part), part)


def _workbook_part(archive: Archive) -> str:
    if ROOT_RELATIONS not in archive.parts:
        raise refuse("FILE_014", part=ROOT_RELATIONS)
    for kind, target in _relations(archive, "").values():
        if kind == "officeDocument":
            if other := next((known for folder, known in OFFICE_FOLDERS.items() if target.startswith(folder)), None):
                raise refuse_format(other)
            if target not in archive.parts:
                raise refuse("FILE_014", part=target)
            return target
    raise refuse("FILE_014", part="xl/workbook.xml")


def relations_part(part: str) -> str:
    """`xl/workbook.xml` → `xl/_rels/workbook.xml.rels`"""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def target_part(part: str, target: str) -> str:
    """The part that a relationship of `part` leads to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def _relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (kind, part), internal ones only."""
    name = relations_part(part)
    if name not in archive.parts:
        raise refuse("FILE_014", part=name)
    found = {}
    for tag, attributes in _elements(archive, name):
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            path = target_part(part, attributes.get("Target", ""))
            kind = attributes.get("Type", "")
            if kind.startswith(STRICT_NAMESPACE):
                raise refuse("FILE_013")
            if attributes.get("Id", "") in found:
                raise refuse("FILE_015", part=f"{name}：{attributes.get('Id', '')}")
            found[attributes.get("Id", "")] = (kind.rpartition("/")[2], path)
    return found


def _part_types(archive: Archive, part: str) -> str:
    overrides: dict[str, str] = {}
    for tag, attributes in _elements(archive, CONTENT_TYPES):
        if tag == "Override":
            overrides[attributes.get("PartName", "").lstrip("/").lower()] = attributes.get("ContentType", "")
    return overrides.get(part.lower(), MAIN_TYPE)


def refuse_missing(archive: Archive, parts: Iterable[str]) -> None:
    """Raises Refused for the first part that the package does not have."""
    for part in parts:
        if part not in archive.parts:
            raise refuse("FILE_014", part=part)


def _read_workbook(
    archive: Archive, part: str, relations: Mapping[str, tuple[str, str]]
) -> tuple[tuple[SheetPart, ...], bool, bool, bool]:
    """The sheets, whether saved results may be old, whether days are counted from 1904, and whether numbers count as
    they are displayed."""
    sheets: list[SheetPart] = []
    stale = from_1904 = as_displayed = False
    for tag, attributes in _elements(archive, part):
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            if relation not in relations:
                raise refuse("FILE_014", part=f"工作表“{attributes.get('name', '')}”")
            hidden = attributes.get("state", "visible") != "visible"
            kind, target = relations[relation]
            sheets.append(SheetPart(attributes.get("name", ""), target, hidden, kind == SHEET_RELATION))
        elif tag == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "calcPr":
            stale = attributes.get("fullCalcOnLoad") in ("1", "true") or attributes.get("calcMode") == "manual"
            as_displayed = attributes.get("fullPrecision") in ("0", "false")
    return tuple(sheets), stale, from_1904, as_displayed


def refuse_one_name_twice(sheets: Iterable[SheetPart]) -> None:
    """Raises Refused for two sheets whose names look alike."""
    seen: set[str] = set()
    for sheet in sheets:
        name = sheet.seen_name.casefold()
        if name in seen:
            raise Refused(make("FILE_016", None, sheet_name=sheet.seen_name))
        seen.add(name)


def _formats(archive: Archive, part: str) -> tuple[str, ...]:
    """The number format code of each cell style, '' where it changes nothing that matters."""
    own: dict[str, str] = {}
    codes: list[str] = []
    in_cell_styles = False
    for tag, attributes in _elements(archive, part):
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs"):
            in_cell_styles = tag == "cellXfs"
        elif tag == "xf" and in_cell_styles:
            number = attributes.get("numFmtId", "0")
            codes.append(own.get(number) or BUILT_IN_FORMATS.get(number, ""))
    return tuple(codes)
