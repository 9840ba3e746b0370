"""A machine that refuses memory, processes or open files, from outside."""

import subprocess
import sys

import pytest
from archive_packages import COMPLETED


@pytest.mark.skipif(sys.platform == "win32", reason="没有 ulimit")
@pytest.mark.parametrize("limit", ["-n 8", "-n 12", "-v 100000", "-v 250000", "-v 400000"])
def test_a_machine_short_of_something_is_a_sentence(tmp_path, limit):
    command = f'ulimit {limit}; exec "{sys.executable}" -m perfeval report "{COMPLETED}" -o "{tmp_path}/out"'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    assert "改法：" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="没有 ulimit")
def test_a_tighter_limit_of_the_system_is_kept(tmp_path):
    command = f'ulimit -v 1500000; exec "{sys.executable}" -m perfeval report "{COMPLETED}" -o "{tmp_path}/out"'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
