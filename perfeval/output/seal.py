"""Text files that say by themselves whether they still are what perfeval wrote: the last line holds the sha256 of all
that is before it."""

import hashlib
import re
from pathlib import Path

from perfeval.output.files import read_file
from perfeval.output.state import MOST_BYTES

JSON_END, JSON_LINE, JSON_CLOSE = b"\n}\n", b',\n "checksum": "', b'"\n}\n'
TEXT_LINE, TEXT_CLOSE = b"# checksum ", b"\n"
SEAL = re.compile(
    rb"(?:%s([0-9a-f]{64})%s|%s([0-9a-f]{64})%s)\Z"
    % tuple(map(re.escape, (JSON_LINE, JSON_CLOSE, TEXT_LINE, TEXT_CLOSE)))
)
LONGEST = len(JSON_LINE) + 64 + len(JSON_CLOSE)


def sealed_object(content: bytes) -> bytes:
    """An object as json_bytes writes it, with its checksum as the last key."""
    body = content.removesuffix(JSON_END)
    return body + JSON_LINE + _digest(body) + JSON_CLOSE


def sealed_text(content: bytes) -> bytes:
    """A text in which # begins a comment, with its checksum as the last line."""
    return content + TEXT_LINE + _digest(content) + TEXT_CLOSE


def is_sealed(path: Path) -> bool:
    """Whether nothing in a file has changed since it was sealed; False where it never was. Raises OSError for what
    cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        return False
    content = read_file(path, MOST_BYTES)
    seal = SEAL.search(content, max(0, len(content) - LONGEST))
    return seal is not None and (seal[1] or seal[2]) == _digest(content[: seal.start()])


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
