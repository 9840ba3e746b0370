"""The page and every process it starts speak to this computer alone: an audit hook in each of them writes down every
connection and every name that is looked up."""

import subprocess
import sys
from pathlib import Path

import pytest
from page_client import started
from places import ROOT

COMPLETED = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
LOG, OF_THIS_COMPUTER = "PERFEVAL_TEST_CONNECTIONS", ("127.0.0.1", "::1", "localhost")
HOOK = f'''
import os, sys

LOG = os.environ.get("{LOG}")
EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")


def note(*words):
    line = " ".join(map(str, words)) + "\\n"
    descriptor = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def hook(event, arguments):
    if event in EVENTS:
        address = arguments[0] if event.startswith("socket.get") else arguments[-1]
        host = address[0] if isinstance(address, tuple) else address
        is_local = isinstance(address, (str, bytes)) and not event.startswith("socket.get")  # a file, not a network
        if not is_local and host not in {OF_THIS_COMPUTER!r}:
            note("OUT", event, host)


if LOG:
    note("STARTED", os.getpid(), " ".join(sys.orig_argv[1:])[:80])
    sys.addaudithook(hook)
'''


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the hook writes; every process that Python is started for has it, since its folder is on their path."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    monkeypatch.syspath_prepend(str(hooks))
    monkeypatch.setenv("PYTHONPATH", str(hooks))
    monkeypatch.setenv(LOG, str(tmp_path / "connections.txt"))
    return tmp_path / "connections.txt"


def noted(log: Path, what: str) -> list[str]:
    return [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith(what)]


def test_the_hook_sees_what_goes_out(log: Path) -> None:
    """192.0.2.1 is nobody's (RFC 5737)."""
    program = (
        "import socket\n"
        "s = socket.socket(); s.settimeout(0.01)\n"
        "try: s.connect(('192.0.2.1', 9))\n"
        "except OSError: pass\n"
        "socket.socket().connect_ex(('127.0.0.1', 9))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert noted(log, "OUT") == ["OUT socket.connect 192.0.2.1"]


def test_no_process_of_the_page_connects_to_another_computer(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    with started(folder) as client:
        client.open()
        client.upload((COMPLETED.name, COMPLETED.read_bytes()))
        assert "核对完了" in client.run()
        for path in ("/", "/results", "/bureau", "/help", "/support", "/template?regulation=&year="):
            assert client.get(path).status == 200
        assert client.upload(("去年.xlsx", COMPLETED.read_bytes()), to="/prefill").status == 200
        for command in ("sample", "review", "outbox", "send", "pack"):
            assert client.post("/command", {"name": command}).status == 303
        client.post("/quit")
        client.process.wait(20)
    processes = noted(log, "STARTED")
    for command in ("perfeval page", "perfeval report", "perfeval prefill", "perfeval sample", "perfeval pack"):
        assert any(command in line for line in processes), command
    assert any("spawn_main" in line or "fork" in line for line in processes)  # the workers
    assert noted(log, "OUT") == []
