"""PDF copies of the Word documents of a run, made by LibreOffice where it is installed (`--pdf`)."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from perfeval.model.status import REPORTED
from perfeval.output import files
from perfeval.output.record import Entry
from perfeval.output.written import Written

FOLDER = "PDF"
PROGRAMS = ("soffice", "libreoffice")
AT_ONCE = 20  # documents for one start of LibreOffice
SECONDS = 300
PAGE = re.compile(rb"/Type\s*/Page\b")
NO_PROGRAM = "没有安装 LibreOffice，没有另存 PDF。改法：请安装 LibreOffice 再运行一次，或者在 Word、WPS 里另存为 PDF。"


def pdf_copies(output: Path, entries: Iterable[Entry], beside: Written, are_wanted: bool) -> Iterator[str]:
    """Where copies are wanted, writes <output>/PDF/<document>.pdf for each Word document of a reported set that is new
    or has changed; a sentence for each with how many pages it has. Copies of what is gone or has changed do not stay,
    wanted or not: nobody must take an old one for the report."""
    if not are_wanted and not files.is_folder(output / FOLDER):
        return
    documents = dict(_documents(entries))
    for name in [name for name in beside.hashes if name.startswith(f"{FOLDER}/")]:
        is_current = name in documents and (are_wanted or documents[name][1])
        if not is_current and beside.is_ours(output / name):
            files.remove_file(output / name)
            yield f"{output / name} 已过时，移走了。"
    if are_wanted:
        yield from _written(output, documents, beside)


def _written(output: Path, documents: Mapping[str, tuple[str, bool]], beside: Written) -> Iterator[str]:
    due = {name: path for name, (path, is_unchanged) in documents.items() if not (is_unchanged and beside.stands(name))}
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if due and program is None:
        yield NO_PROGRAM
    names = list(due) if program else []
    for some in (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)):
        for name, content in _converted(program or "", {name: output / due[name] for name in some}).items():
            if not content:
                yield f"“{Path(name).name}”没有做成：LibreOffice 没有能转换它。"
            elif beside.write(name, content):
                yield f"已另存 {output / name}（{len(PAGE.findall(content))} 页）。"


def _documents(entries: Iterable[Entry]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """The name of each copy with the document it is made of, and whether that is as it was before the run."""
    for entry in entries:
        for path in entry.outputs if entry.status == REPORTED else ():
            if path.endswith(".docx"):
                yield f"{FOLDER}/{Path(path).stem}.pdf", (path, entry.unchanged)


def _converted(program: str, documents: Mapping[str, Path]) -> dict[str, bytes]:
    """The copies by name; b'' for one that LibreOffice could not make."""
    with files.temporary_folder() as work:
        command = [program, f"-env:UserInstallation={(work / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
        try:
            subprocess.run(
                [*command, "--outdir", str(work / "made"), *map(str, documents.values())],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return dict.fromkeys(documents, b"")
        made = {name: work / "made" / Path(name).name for name in documents}
        return {name: path.read_bytes() if path.is_file() else b"" for name, path in made.items()}
