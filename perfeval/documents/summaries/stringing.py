"""Rows that are XML already, strung into the sheets of a finished workbook one after the other: however many they are, they are never held at once."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from perfeval.documents.zips import FIXED_TIME

END = b"</sheetData>"
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
CHUNK = 500  # rows handed to the compressor at once


@dataclass(frozen=True, slots=True)
class Strung:
    """What goes into a sheet below what stands there: the rows, and the range the sheet then covers, as A1:M9."""

    rows: Iterable[bytes]
    covers: str


def with_rows(workbook: bytes, sheets: Mapping[str, Strung]) -> bytes:
    """The workbook with the rows in its sheets, by the sheets' part names; every other part stays as it is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # else the zip tells Windows from Linux
            if name in sheets:
                _write(new, info, old.read(name), sheets[name])
            else:
                new.writestr(info, old.read(name))
    return buffer.getvalue()


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, sheet: bytes, strung: Strung) -> None:
    before, end, after = sheet.partition(END)
    with archive.open(info, "w") as part:
        part.write(DIMENSION.sub(f'<dimension ref="{strung.covers}"/>'.encode(), before))
        chunk: list[bytes] = []
        for row in strung.rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                part.write(b"".join(chunk))
                chunk.clear()
        part.write(b"".join(chunk) + end + after)
