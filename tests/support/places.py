"""Where things lie in the repository, for tests and their helpers."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
DATA, GOLDEN = TESTS / "data", TESTS / "golden"
