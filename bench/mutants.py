"""`make mutants`: how many small changes of the code the tests notice (docs/开发/测试.md).

A seeded sample of mutmut's single changes, each made in a copy of the project and run against the tests of its room.
What no test notices is printed as a diff. mutmut's own runner is not used: it takes every change of every file, and one
set of tests for all.
"""

import argparse
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from mutmut.mutation.file_mutation import create_mutations

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "node_modules")
FILED = {"input", "output"}  # of the project's folder; the room of that name is perfeval/output
# Where the changed file lies, what is run: the first line that fits. Files without a folder are in tests/unit.
TESTS = (
    ("model/numbers", "test_numbers.py test_rules_facts.py test_rules_methods.py"),
    ("model/names", "test_names.py test_intake_sheets.py"),
    ("model/regulation", "test_rules_load.py test_rules_methods.py test_rules_leaves_of_counties.py"
        " test_rules_engine.py"),
    ("model/text", "test_names.py test_intake_cells.py ../documents/test_documents_text.py"),
    ("model/", "test_frames.py test_numbers.py test_names.py test_intake_cells.py test_rules_engine.py"
        " test_checks_text.py"),
    ("rules/frames", "test_frames.py test_rules_facts.py test_checks_money.py test_checks_project.py"
        " test_checks_cut.py"),
    ("rules/load", "test_rules_load.py test_regulation_tools.py"),
    ("rules/missed", "test_checks_duty.py test_checks_text.py test_checks_score.py"),
    ("rules/methods", "test_rules_methods.py test_rules_engine.py test_rules_formulas.py test_rules_load.py"),
    ("rules/deviation", "test_rules_deviation.py test_rules_formulas.py test_rules_indicators.py"),
    ("rules/", "test_rules_load.py test_rules_engine.py test_rules_indicators.py test_rules_facts.py"
        " test_rules_cases.py test_rules_words.py test_rules_formulas.py test_rules_deviation.py test_rules_methods.py"
        " test_frames.py"),
    ("filing/typed/", "test_intake_readings.py test_intake_cells.py"),
    ("filing/answers", "test_answers.py"),
    ("filing/filled", "test_intake_cells.py test_intake_strays.py"),
    ("filing/rule_sheets", "test_checks_rule_sheets.py"),
    ("filing/", "test_intake_cells.py test_intake_sheets.py test_intake_readings.py"),
    ("checks/money/", "test_checks_money.py test_checks_cut.py test_checks_printed.py"),
    ("checks/projects/", "test_checks_project.py test_checks_project_scores.py test_checks_printed.py"),
    ("checks/indicators/", "test_checks_indicator.py test_checks_printed.py"),
    ("checks/scores/rule_sheets", "test_checks_rule_sheets.py"),
    ("checks/scores/", "test_checks_score.py test_checks_duty.py test_checks_project_scores.py test_checks_printed.py"),
    ("checks/texts/", "test_checks_text.py test_checks_printed.py"),
    ("checks/magnitude/", "test_checks_magnitude.py"),
    ("checks/signal", "test_checks_signal.py"),
    ("checks/previous", "test_checks_previous.py"),
    ("checks/", "test_checks_basic.py test_checks_indicator.py test_checks_project.py test_checks_score.py"
        " test_checks_printed.py"),
    ("output/", "../end_to_end/test_output_files.py ../end_to_end/test_output_state.py ../end_to_end/test_publishing.py"
        " test_run_kept_sets.py ../end_to_end/test_output_lock.py"),
    ("prose/", "test_audit_quantities.py test_audit_sentences.py test_audit_checks.py test_checks_text.py"),
    ("audit/", "test_audit_checks.py test_audit_seed.py test_audit_read.py test_audit_own_report.py"
        " test_audit_sentences.py test_audit_quantities.py test_audit_run.py"),
)  # fmt: skip
ROOMS = ("model", "prose", "rules", "filing", "checks", "output", "audit")
TIMEOUT = 900  # seconds; a change that makes a test run for ever is noticed too


@dataclass(frozen=True)
class Mutant:
    """One change: the file below perfeval/, and its text before and after."""

    file: str
    before: str
    after: str

    def diff(self) -> str:
        """The change in three lines of context."""
        before, after = self.before.splitlines(), self.after.splitlines()
        return "\n".join(difflib.unified_diff(before, after, self.file, self.file, lineterm="", n=2))


def mutants(count: int, seed: int) -> list[Mutant]:
    """The sample: for each mutant a room, then a change of it, so that large rooms do not crowd out small ones."""
    chance = random.Random(seed)
    changes = {room: list(_changes(room)) for room in ROOMS}
    wanted = Counter(ROOMS[n % len(ROOMS)] for n in range(count))
    return [_mutant(*change) for room in ROOMS for change in chance.sample(changes[room], wanted[room])]


def _changes(room: str) -> Iterator[tuple[Path, int]]:
    """Every change of a room: file and number."""
    for path in sorted((ROOT / "perfeval" / room).rglob("*.py")):
        _, found, _, _ = create_mutations(str(path), path.read_text(encoding="utf-8"))
        yield from ((path, number) for number in range(len(found)))


def _mutant(path: Path, number: int) -> Mutant:
    before = path.read_text(encoding="utf-8")
    module, found, _, _ = create_mutations(str(path), before)
    after = module.deep_replace(found[number].original_node, found[number].mutated_node)
    return Mutant(path.relative_to(ROOT / "perfeval").as_posix(), before, after.code)  # type: ignore[union-attr]


def tests_of(file: str) -> list[str]:
    """The test files that are run for a file of perfeval, from the project's folder."""
    names = next(names for start, names in TESTS if file.startswith(start))
    return [os.path.normpath(f"tests/unit/{name}") for name in names.split()]


def _left_out(folder: str, names: list[str]) -> set[str]:
    return LEFT_OUT(folder, names) | (FILED if Path(folder) == ROOT else set())


def _require_passing(tree: Path, sample: Sequence[Mutant]) -> None:
    """Tests that fail without any change would notice every one."""
    for files in sorted({tuple(tests_of(mutant.file)) for mutant in sample}):
        if not _passes(tree, files):
            sys.exit(f"没有改动时就没有通过：{' '.join(files)}")


def _passes(tree: Path, files: Sequence[str]) -> bool:
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _survives(tree: Path, mutant: Mutant) -> bool:
    path = tree / "perfeval" / mutant.file
    path.write_text(mutant.after, encoding="utf-8", newline="\n")
    try:
        return _passes(tree, tests_of(mutant.file))
    finally:
        path.write_text(mutant.before, encoding="utf-8", newline="\n")


def main() -> None:
    """Prints each survivor with its diff, and in the end the shares by room."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants")
    parser.add_argument("--count", type=int, default=200, help="改动的个数")
    parser.add_argument("--seed", type=int, default=1, help="抽样的种子")
    parser.add_argument("--jobs", type=int, default=2, help="同时运行几个")
    options = parser.parse_args()
    sample = mutants(options.count, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(options.jobs):
            tree = Path(folder) / str(number)
            shutil.copytree(ROOT, tree, ignore=_left_out)
            trees.put(tree)
        _require_passing(Path(folder) / "0", sample)
        _run(sample, trees, options.jobs)


def _run(sample: Sequence[Mutant], trees: "SimpleQueue[Path]", jobs: int) -> None:
    def lent(mutant: Mutant) -> bool:
        tree = trees.get()
        try:
            return _survives(tree, mutant)
        finally:
            trees.put(tree)

    survived: Counter[str] = Counter()
    with ThreadPoolExecutor(jobs) as pool:
        for mutant, alive in zip(sample, pool.map(lent, sample), strict=True):
            print(f"没有测试发现：\n{mutant.diff()}\n" if alive else f"发现 {mutant.file}", flush=True)
            survived[mutant.file.split("/")[0]] += alive
    drawn = Counter(mutant.file.split("/")[0] for mutant in sample)
    for room in ROOMS:
        print(f"{room}：{drawn[room]} 处改动，发现 {drawn[room] - survived[room]} 处")
    print(f"合计：{len(sample)} 处改动，发现 {len(sample) - survived.total()} 处")


if __name__ == "__main__":
    main()
