"""整改对照表.docx, of two versions of a filing: what was asked of the first one, what was changed in the second, what that
did to the score."""

from collections.abc import Sequence

from perfeval.documents.corrections.answers import answers_of
from perfeval.documents.corrections.cells import compare
from perfeval.documents.corrections.write import write_table
from perfeval.documents.evaluation import Evaluation
from perfeval.excel.read import RawWorkbook
from perfeval.findings.finding import Finding

__all__ = ["write_corrections"]


def write_corrections(
    before: Evaluation, after: Evaluation, old: RawWorkbook, new: RawWorkbook, opinions: Sequence[Finding]
) -> bytes:
    """The document's bytes. `old` and `new` are the cells of the two workbooks, `opinions` what a review asked of the
    first."""
    return write_table(before, after, answers_of(before, after, compare(old, new), opinions))
