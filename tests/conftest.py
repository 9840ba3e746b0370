"""What all tests share."""

import shutil

import pytest
import validator

MISSING = "没有安装 {}，跳过用它复核的测试"  # .ci/run looks for these words


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without an independent judge its checks are skipped and said so; .ci/run fails where one was."""
    judges = {"libreoffice": ("LibreOffice", shutil.which("soffice") is not None), "validator": ("Open XML 校验器", validator.installed())}
    for marker, (name, present) in judges.items():
        for item in items:
            if marker in item.keywords and not present:
                item.add_marker(pytest.mark.skip(reason=MISSING.format(name)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for name in ("LibreOffice", "Open XML 校验器"):
        count = sum(MISSING.format(name) in str(report.longrepr) for report in skipped)
        if count:
            terminalreporter.write_line(f"没有安装 {name}：跳过了 {count} 项用它复核的测试。")
