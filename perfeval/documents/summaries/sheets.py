"""The sheets of 汇总表.xlsx in their order: the long lists, and the plain ones among them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

import pandas as pd

from perfeval.documents.summaries import losses, overview, season, totals
from perfeval.documents.summaries.brief import Brief
from perfeval.documents.summaries.lists import LISTS
from perfeval.documents.summaries.review import RULE, review_first
from perfeval.documents.summaries.tables import Part, Tables, records
from perfeval.excel.write import Book, Column, Live, Place, Sheet, Value

HEAD = 2
LINK_WIDTH = 60  # half-width characters; a link does not wrap everywhere
COMMON = (
    "常见问题",
    "同一编号的问题合在一起，按级别和涉及的部门数排列；已经说明的疑点不计。",
    {
        "level": Column("级别", "word", 8),
        "code": Column("编号", "word", 16),
        "title": Column("问题", "text", 36),
        "departments": Column("涉及部门数", "count", 10),
        "count": Column("条数", "count", 8),
        "named": Column("涉及部门", "text", 40),
        "example": Column("例", "text", 50),
    },
)
NUMERALS = "〇一两三四五"


def write(
    book: Book,
    briefs: Sequence[Brief],
    tables: Tables,
    rejected: Sequence[Mapping[str, str]],
    unfiled: Sequence[str],
    duplicates: Sequence[tuple[str, Sequence[str]]],
    roll: season.Roll,
) -> None:
    """Every sheet; the overview first."""
    sheet = {name: book.sheet(name) for name in (overview.NAME, totals.NAME, "先看这五家", "未报送")}
    overview.write_overview(sheet[overview.NAME], tables)
    _common(book.sheet("常见问题"), tables.common)
    for name in LISTS:
        rows = chain.from_iterable(brief.lists[name].rows() for brief in briefs)
        for part in tables.lists[name]:
            _long_list(book.sheet(part.sheet, long=True), name, part, rows)
    totals.write_statistics(sheet[totals.NAME], tables, len(rejected), len(unfiled))
    _review(sheet["先看这五家"], tables)
    _unfiled(sheet["未报送"], unfiled, rejected)
    _duplicates(book.sheet("相同文字"), duplicates)
    losses.write_execution(book.sheet(losses.EXECUTION), tables)
    losses.write_lost(book.sheet(losses.LOST), tables)
    season.write_sections(book.sheet(season.SECTIONS), tables, roll, unfiled)
    season.write_years(book.sheet(season.YEARS), tables)


def _long_list(sheet: Sheet, name: str, part: Part, rows: Iterator[Sequence[Value]]) -> None:
    """A part of a long list; `rows` go on with the next part."""
    title, note, columns = LISTS[name]
    layout, count = tuple(columns.values()), part.last - part.first
    sheet.title(title, note, len(layout))
    sheet.head(HEAD, layout)
    sheet.long_rows(HEAD + 1, layout, islice(rows, count))
    if not count:
        sheet.put(HEAD + 1, 0, "没有", "text", 30)
    sheet.raw.autofilter(HEAD, 0, HEAD + max(1, count), len(layout) - 1)
    sheet.finish(HEAD, title)


def _common(sheet: Sheet, frame: pd.DataFrame) -> None:
    title, note, columns = COMMON
    layout = tuple(columns.values())
    sheet.title(title, note, len(layout))
    sheet.head(HEAD, layout)
    if frame.empty:
        sheet.put(HEAD + 1, 0, "没有", "text", 30)
    for row, values in enumerate(frame[list(columns)].itertuples(index=False), start=HEAD + 1):
        sheet.row(row, layout, [value if isinstance(value, str) else int(value) for value in values])
    sheet.raw.autofilter(HEAD, 0, HEAD + max(1, len(frame)), len(layout) - 1)
    sheet.finish(HEAD, title)


def _review(sheet: Sheet, tables: Tables) -> None:
    columns = (
        Column("顺序", "count", 6),
        Column("部门名称", "text", LINK_WIDTH),
        Column("计算总分", "points", 10),
        Column("状态", "word", 12),
        Column("理由", "text", 80),
    )
    firsts, rows = review_first(tables.workbooks), records(tables.workbooks)
    sheet.title(f"先看这{NUMERALS[len(firsts)]}家" if firsts else "没有需要先看的", RULE, len(columns))
    sheet.head(HEAD, columns)
    for number, first in enumerate(firsts, start=1):
        row = HEAD + number
        record = rows[first.index]
        total = overview.total_place(first.index)
        value: Value = (
            Live(total.reference, record["total"]) if record["total"] is not None else overview.no_total(record)
        )
        sheet.row(row, columns, (number, None, value, record["status"], first.reasons))
        sheet.link(row, 1, Place(overview.NAME, total.row, 1), record["department"], LINK_WIDTH)
    if not firsts:
        sheet.put(HEAD + 1, 1, "没有需要先看的", "text", LINK_WIDTH)
    sheet.finish(HEAD, "先看这五家")


def _unfiled(sheet: Sheet, unfiled: Sequence[str], rejected: Sequence[Mapping[str, str]]) -> None:
    columns = (Column("序号", "count", 6), Column("部门或文件", "text", 50, 40), Column("情况", "text", 80, 40))
    sheet.title(
        f"未报送 {len(unfiled)} 家，无法读取 {len(rejected)} 份",
        "未报送按名册比对；没有提供名册时不列。无法读取的文件请按原因改正后重新报送。",
        len(columns),
    )
    sheet.head(HEAD, columns)
    lines: list[tuple[str, str]] = [(name, "未报送") for name in unfiled]
    lines += [(line["file"], f"无法读取：{line['reason']}") for line in rejected]
    _numbered(sheet, columns, lines)
    sheet.finish(HEAD, "未报送")


def _duplicates(sheet: Sheet, duplicates: Sequence[tuple[str, Sequence[str]]]) -> None:
    columns = (Column("序号", "count", 6), Column("相同的文字", "text", 90, 40), Column("部门", "text", 50, 40))
    sheet.title("不同部门填写的相同文字", "较长的文字在两个以上部门中完全相同，请核对是否照抄。", len(columns))
    sheet.head(HEAD, columns)
    _numbered(sheet, columns, [(text, "、".join(names)) for text, names in duplicates])
    sheet.finish(HEAD, "相同文字")


def _numbered(sheet: Sheet, columns: Sequence[Column], lines: Iterable[tuple[str, str]]) -> None:
    number = 0
    for number, line in enumerate(lines, start=1):
        sheet.row(HEAD + number, columns, (number, *line))
    if not number:
        sheet.put(HEAD + 1, 1, "没有", "text", 40)
