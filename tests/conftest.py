"""What all tests share."""

import gc
import shutil
from pathlib import Path

import browser
import pytest
import validator
from places import TESTS

# What of tests/unit is not quick, files and single tests: whole runs, processes, generated departments, the public
# tables, many examples, goldens of all that is printed.
SLOW = {
    "test_a_clean_department_of_any_size_beside_another_year_of_it",
    "test_a_hostile_regulation_is_refused_in_a_second",
    "test_a_text_without_the_keyword_of_a_figure_cannot_state_it",
    "test_a_total_or_note_is_one_finding_that_says_delete_the_row",
    "test_all_but_the_values_is_the_blank_template",
    "test_audit_digits.py",
    "test_audit_own_report.py",
    "test_audit_run.py",
    "test_checks_clean_departments.py",
    "test_checks_previous.py",
    "test_checks_printed.py",
    "test_checks_rule_sheets.py",
    "test_checks_whose_rules.py",
    "test_every_name_is_safe",
    "test_golden_findings.py",
    "test_intake_guard.py",
    "test_nothing_is_asked_of_departments_of_every_size",
    "test_one_amount_in_yuan_is_reported_at_its_cell_and_nothing_that_follows_from_it",
    "test_our_reading_of_the_schema_is_that_of_the_library",
    "test_prefill_forms.py",
    "test_prefill_layouts.py",
    "test_prefill_sources.py",
    "test_regulation_workbook.py",
    "test_regulation_workbook_own.py",
    "test_remedies.py",
    "test_roster.py",
    "test_rules_explanations.py",
    "test_rules_of_projects.py",
    "test_rules_operands.py",
    "test_rules_public_tables.py",
    "test_run_kept_sets.py",
    "test_run_renames.py",
    "test_streams.py",
    "test_template_checks.py",
    "test_the_summary_of_a_run_knows_it",
    "test_whatever_is_at_a_key_is_accepted_or_refused_in_words",
    "test_whatif.py",
    "test_words_that_say_nothing_leave_the_error_where_it_was",
    "test_workers.py",
}
JUDGES = {"libreoffice": "LibreOffice", "validator": "Open XML 校验器", "browser": "浏览器"}
MISSING = "没有安装 {}，跳过用它复核的测试"  # .ci/run looks for these words


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What is not quick is not even imported where only that is asked for: some of it computes while it is."""
    if config.option.markexpr != "quick" or collection_path.suffix != ".py":
        return None
    return collection_path.parent != TESTS / "unit" or collection_path.name in SLOW or None


def pytest_collection_finish() -> None:
    """Thousands of tests and the libraries stay to the end: no use in looking through them for garbage again and
    again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what is quick. Without an independent judge its checks are skipped and said so; .ci/run fails where one
    was."""
    for item in items:
        names = {item.path.name, item.name.partition("[")[0]}
        if item.path.parent == TESTS / "unit" and not names & SLOW and JUDGES.keys().isdisjoint(item.keywords):
            item.add_marker(pytest.mark.quick)
    present = {
        "libreoffice": shutil.which("soffice") is not None,
        "validator": validator.installed(),
        "browser": browser.installed(),
    }
    for marker, name in JUDGES.items():
        for item in items:
            if marker in item.keywords and not present[marker]:
                item.add_marker(pytest.mark.skip(reason=MISSING.format(name)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for name in JUDGES.values():
        count = sum(MISSING.format(name) in str(report.longrepr) for report in skipped)
        if count:
            terminalreporter.write_line(f"没有安装 {name}：跳过了 {count} 项用它复核的测试。")
