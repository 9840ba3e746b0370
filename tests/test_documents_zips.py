"""Our zip writer; Python's zipfile is the measure."""

import io
import zipfile

from perfeval.documents.zips import FIRST_PART, FIXED_TIME, write_zip

PARTS = {
    "word/document.xml": "很长的一段文字。".encode() * 20_000,
    FIRST_PART: b"<Types/>",
    "word/media/图片.png": bytes(range(256)),
    "empty.xml": b"",
}


def by_zipfile(level: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in (FIRST_PART, "empty.xml", "word/document.xml", "word/media/图片.png"):
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(info, PARTS[name], compresslevel=level)
    return buffer.getvalue()


def test_the_bytes_are_those_of_zipfile() -> None:
    for level in (6, 5, 6):  # a small part kept from one level does not turn up at another
        assert write_zip(PARTS, level) == by_zipfile(level)


def test_the_parts_come_back() -> None:
    with zipfile.ZipFile(io.BytesIO(write_zip(PARTS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
