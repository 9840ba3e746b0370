"""Rows that are XML already, strung into the sheets of a finished workbook one after the other: however many they are,
they are never held at once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from perfeval.excel.zips import Content

END = b"</sheetData>"
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
CHUNK = 500  # rows handed to the compressor at once


@dataclass(frozen=True, slots=True)
class AddedRows:
    """What goes into a sheet below what is there: the rows, and the range the sheet then covers, as A1:M9."""

    rows: Iterable[bytes]
    covers: str


def with_rows(parts: Mapping[str, bytes], sheets: Mapping[str, AddedRows]) -> dict[str, Content]:
    """The parts of a workbook with the rows in its sheets, by the sheets' part names, to be zipped piece by piece."""
    return {**parts, **{name: _with_added(parts[name], added) for name, added in sheets.items()}}


def _with_added(sheet: bytes, added: AddedRows) -> Iterator[bytes]:
    before, end, after = sheet.partition(END)
    yield DIMENSION.sub(f'<dimension ref="{added.covers}"/>'.encode(), before)
    rows = iter(added.rows)
    while chunk := b"".join(islice(rows, CHUNK)):
        yield chunk
    yield end + after
