"""Deterministic zip packages: the same parts give the same bytes, whatever the clock and the system."""

import struct
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

FIRST_PART = "[Content_Types].xml"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
LEVEL = 3  # of compression: a document is a tenth larger than at zlib's usual 6, and packed in half the time
SMALL = 16_384  # bytes; most small parts are the same in every document: they are packed once per process
# The headers of a zip (PKWARE's APPNOTE 4.3.7, 4.3.12, 4.3.16). COMMON: version, flags, method, time, day, CRC, both sizes, length of the name.
COMMON, LOCAL, ENTRY, END = struct.Struct("<HHHHHLLLHH"), b"PK\3\4", struct.Struct("<4sH26sHHHLL"), struct.Struct("<4sHHHHLLH")
VERSION, DEFLATED, UTF_8_NAME, FIRST_DAY, OWNER_MAY_READ_AND_WRITE = 20, 8, 0x800, 1 << 5 | 1, 0o600 << 16


Content = bytes | Iterable[bytes]  # of a part: whole, or in pieces that are made as they are asked for


def write_zip(parts: Mapping[str, Content]) -> bytes:
    """A zip of `parts` by name; [Content_Types].xml first as Office writes it, then by name.

    The bytes are those of Python's zipfile, which takes as long around a small part as for packing it.
    """
    body, entries = bytearray(), bytearray()
    for name in sorted(parts, key=lambda n: (n != FIRST_PART, n)):
        content, encoded = parts[name], name.encode()
        if isinstance(content, bytes):
            crc, size, packed = _packed_once(content) if len(content) <= SMALL else _packed((content,))
        else:
            crc, size, packed = _packed(content)
        flags = 0 if name.isascii() else UTF_8_NAME
        common = COMMON.pack(VERSION, flags, DEFLATED, 0, FIRST_DAY, crc, len(packed), size, len(encoded), 0)
        entries += ENTRY.pack(b"PK\1\2", VERSION, common, 0, 0, 0, OWNER_MAY_READ_AND_WRITE, len(body)) + encoded
        body += LOCAL + common + encoded + packed
    end = END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), len(entries), len(body), 0)
    body += entries + end
    return bytes(body)


Packed = tuple[int, int, bytearray]


def _packed(pieces: Iterable[bytes]) -> Packed:
    """A part's checksum, its size and its deflated bytes."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc, size, packed = 0, 0, bytearray()
    for piece in pieces:
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        packed += packer.compress(piece)
    packed += packer.flush()
    return crc, size, packed


@lru_cache(maxsize=64)
def _packed_once(content: bytes) -> Packed:
    return _packed((content,))
