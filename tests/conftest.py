"""What all tests share."""

import shutil

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without LibreOffice its checks are skipped and said so; .ci/run fails where one was."""
    if shutil.which("soffice") is None:
        reason = pytest.mark.skip(reason="没有安装 LibreOffice，跳过用它复核的测试")
        for item in items:
            if "libreoffice" in item.keywords:
                item.add_marker(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "LibreOffice" in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"没有安装 LibreOffice：跳过了 {len(skipped)} 项用它复核的测试。")
