"""`python -m perfeval.blank DIR` writes all of input_templates/ again: blank templates, examples, Word templates,
rosters."""

import sys
from pathlib import Path

from perfeval.blank.examples import COMPLETED_NAME, PUBLISHED_NAME, completed_workbook, published_workbook
from perfeval.blank.roster import EXAMPLE_ROSTER_NAME, EXAMPLE_ROW, ROSTER_NAME, roster_workbook
from perfeval.blank.workbook import blank_templates
from perfeval.documents.report.write import standard_templates
from perfeval.errors import ExitCode, PerfevalError
from perfeval.output import files
from perfeval.rules.load import load_regulations


def write_all(directory: Path) -> tuple[list[Path], list[str]]:
    """Writes every file of input_templates/; gives the paths, and a sentence for each file of others that was set
    aside."""
    regulations = load_regulations()
    made = {
        **blank_templates(regulations),
        PUBLISHED_NAME: published_workbook(regulations),
        COMPLETED_NAME: completed_workbook(regulations),
        **standard_templates(),
        ROSTER_NAME: roster_workbook(),
        EXAMPLE_ROSTER_NAME: roster_workbook([EXAMPLE_ROW]),
    }
    return files.write_files(directory, made)


def main(arguments: list[str]) -> int:
    """The command; returns its exit code."""
    if len(arguments) != 1:
        print("用法：python -m perfeval.blank 文件夹", file=sys.stderr)
        return ExitCode.USAGE
    try:
        written, kept = write_all(Path(arguments[0]))
        for line in (*written, *kept):
            print(line)
    except PerfevalError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    return ExitCode.ALL_REPORTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
