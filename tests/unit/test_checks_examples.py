"""What 评分, 履职 and the texts of the two examples must raise (the end of docs/开发/核对.md), and nothing else."""

from example_contexts import completed, published

from perfeval.checks.context import Context
from perfeval.checks.run import run_checks
from perfeval.findings.finding import Finding, Severity

TOPICS = ("SCORE", "DUTY", "TEXT")


def reported(context: Context) -> list[Finding]:
    return [f for f in run_checks(context) if f.code.startswith(TOPICS)]


def test_the_published_workbook() -> None:
    findings = reported(published())
    wording = [(f.code, f.message) for f in findings]
    for code, *figures in (
        ("SCORE_001", "65", "60"),
        ("SCORE_001", "12", "11.73"),
        ("SCORE_001", "11", "10.21"),
        ("SCORE_002", "98.94", "93.94"),
        ("DUTY_001", "15", "20"),
        ("DUTY_005", "64.72%", "60.22%"),
        ("DUTY_006", "64.72%"),
        ("TEXT_001", "目前"),
        ("TEXT_001", "计划年底前召开"),
        ("TEXT_002", "圆满完成"),
        ("TEXT_005", "不涉及国有资本、行政事业性国有资产"),
        ("TEXT_007", "责任人和完成时限"),
    ):
        assert [message for c, message in wording if c == code and all(figure in message for figure in figures)], (
            code,
            figures,
        )
    # beyond that list: the two scores below their 分值 have no 扣分原因 either
    assert sorted(f.code for f in findings) == sorted(
        ["SCORE_001"] * 3
        + ["SCORE_002"]
        + ["SCORE_006"] * 2
        + ["DUTY_001", "DUTY_005", "DUTY_006"]
        + ["TEXT_001"] * 2
        + ["TEXT_002", "TEXT_005"]
        + ["TEXT_007"] * 3
    )


def test_the_completed_workbook() -> None:
    findings = reported(completed())
    assert all(f.severity is Severity.QUESTION and not f.answered for f in findings)
    assert sorted((f.code, f.ref.sheet) for f in findings if f.ref) == [
        ("DUTY_006", "履职"),
        ("TEXT_001", "履职"),
        ("TEXT_001", "履职"),
    ]
