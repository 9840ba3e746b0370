"""Sums that are so far apart that no addition went wrong."""

from collections.abc import Iterator

from perfeval.checks.context import Check, Context
from perfeval.findings.catalogue import make
from perfeval.findings.finding import Finding
from perfeval.model.numbers import show_amount, show_number


def absurd_sums(context: Context) -> Iterator[Finding]:
    """MAGNITUDE_007: nothing is proposed where the unit of some figure, and not known which, must be wrong."""
    limit = context.limit("sum_apart")
    for found in context.absurd_sums:
        yield make(
            "MAGNITUDE_007",
            found.place,
            found=show_amount(found.stated),
            computed=show_amount(found.computed),
            times=show_number(limit) if limit is not None else "",
            parts="”“".join(dict.fromkeys(a.cell.label for a in found.addends)),
            related=found.related,
        )


CHECKS: tuple[Check, ...] = (absurd_sums,)
