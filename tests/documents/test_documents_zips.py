"""Zip packages that are the same whatever the clock and the system."""

import io
import zipfile
from collections.abc import Iterator

from perfeval.excel.zips import FIRST_PART, FIXED_TIME, write_zip

PARTS = {
    "word/document.xml": "很长的一段文字。".encode() * 20_000,
    FIRST_PART: b"<Types/>",
    "word/media/图片.png": bytes(range(256)),
    "empty.xml": b"",
}


def in_pieces(content: bytes) -> Iterator[bytes]:
    yield from (content[n : n + 1000] for n in range(0, len(content), 1000))


def test_nothing_of_clock_or_system_is_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(PARTS))) as archive:
        assert archive.namelist() == [FIRST_PART, "empty.xml", "word/document.xml", "word/media/图片.png"]
        assert {(info.date_time, info.create_system, info.external_attr) for info in archive.infolist()} == {
            (FIXED_TIME, 0, 0o600 << 16)
        }


def test_a_part_in_pieces_comes_out_as_the_whole() -> None:
    assert write_zip({name: in_pieces(content) for name, content in PARTS.items()}) == write_zip(PARTS)


def test_the_parts_come_back() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(PARTS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
