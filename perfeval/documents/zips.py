"""Deterministic zip packages: the same parts give the same bytes, whatever the clock and the system."""

import io
import zipfile
from collections.abc import Mapping

FIRST_PART = "[Content_Types].xml"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def write_zip(parts: Mapping[str, bytes], level: int = 6) -> bytes:
    """A zip of `parts` by name; [Content_Types].xml first as Office writes it, then by name. `level` of compression from 1 to 9."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts, key=lambda n: (n != FIRST_PART, n)):
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # else the zip tells Windows from Linux
            archive.writestr(info, parts[name], compresslevel=level)
    return buffer.getvalue()
