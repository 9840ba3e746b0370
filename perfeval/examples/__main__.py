"""`python -m perfeval.examples DIR` writes all of input_templates/ anew: blank templates, examples, Word templates."""

import sys
from pathlib import Path

from perfeval.documents.report_template import default_templates
from perfeval.examples.build import COMPLETED_NAME, PUBLISHED_NAME, completed_workbook, published_workbook
from perfeval.intake.template import write_blank_templates
from perfeval.rules.load import load_regulations


def write_all(directory: Path) -> list[Path]:
    """Writes every file of input_templates/ and returns the paths."""
    regulations = load_regulations()
    paths = write_blank_templates(directory, regulations)
    made = {PUBLISHED_NAME: published_workbook(regulations), COMPLETED_NAME: completed_workbook(regulations), **default_templates()}
    for name, content in made.items():
        (directory / name).write_bytes(content)
    return [*paths, *(directory / name for name in made)]


if __name__ == "__main__":
    for path in write_all(Path(sys.argv[1])):
        print(path)
