"""Our zip writer; Python's zipfile is the measure."""

import io
import zipfile
from collections.abc import Iterator

from perfeval.excel.zips import FIRST_PART, FIXED_TIME, LEVEL, write_zip

PARTS = {
    "word/document.xml": "很长的一段文字。".encode() * 20_000,
    FIRST_PART: b"<Types/>",
    "word/media/图片.png": bytes(range(256)),
    "empty.xml": b"",
}


def by_zipfile() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in (FIRST_PART, "empty.xml", "word/document.xml", "word/media/图片.png"):
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(info, PARTS[name], compresslevel=LEVEL)
    return buffer.getvalue()


def in_pieces(content: bytes) -> Iterator[bytes]:
    yield from (content[n : n + 1000] for n in range(0, len(content), 1000))


def test_the_bytes_are_those_of_zipfile() -> None:
    for _ in range(2):  # the second time with the small parts kept
        assert write_zip(PARTS) == by_zipfile()


def test_a_part_in_pieces_comes_out_as_the_whole() -> None:
    assert write_zip({name: in_pieces(content) for name, content in PARTS.items()}) == write_zip(PARTS)


def test_the_parts_come_back() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(PARTS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
