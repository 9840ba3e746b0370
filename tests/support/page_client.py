"""A page started as an official starts it, and a browser reduced to what it sends."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

BOUNDARY = "----between"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Client:
    """`token` is the one of the address that was printed; `cookie` and `form` are known once it was opened."""

    folder: Path
    port: int
    token: str
    process: subprocess.Popen[bytes]
    cookie: str = ""
    form: str = ""
    sent: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """One request; a header of None is left out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie, **(headers or {})}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in given.items():
            if value:
                connection.putheader(name, value)
        if method == "POST" and "Content-Length" not in given and "Transfer-Encoding" not in given:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def open(self) -> Answer:
        """Opens the printed address: the cookie, and the token of the forms."""
        answer = self.ask("GET", f"/?token={self.token}")
        self.cookie = answer.headers.get("set-cookie", "").partition(";")[0] or self.cookie
        self.form = re.search(r"form=([\w-]+)", self.get("/").text)[1]  # type: ignore[index]
        return answer

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, values: dict[str, str] | None = None, **headers: str) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, **headers}
        return self.ask("POST", f"{path}?form={self.form}", urlencode(values or {}).encode(), kind)

    def upload(self, *files: tuple[str, bytes], to: str = "/upload", **headers: str) -> Answer:
        parts = b"".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, content in files
        )
        body = parts + f"--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Origin": self.origin, **headers}
        return self.ask("POST", f"{to}?form={self.form}", body, kind)

    def run(self) -> str:
        """Presses 开始核对 and waits; the page of the run."""
        assert self.post("/run").status == 303
        return self.wait()

    def wait(self) -> str:
        end = time.monotonic() + 120
        while '"is_going":true' in self.get("/run/state").text:
            assert time.monotonic() < end
            time.sleep(0.3)
        return self.get("/run").text


@contextmanager
def started(folder: Path) -> Iterator[Client]:
    """The page as a process of its own on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "perfeval", "page", "--no-browser", "--folder", str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        address = re.fullmatch(r"绩效自评：http://127\.0\.0\.1:(\d+)/\?token=([\w-]+)\n", said)
        assert address is not None
        yield Client(folder, int(address[1]), address[2], process)
    finally:
        process.kill()
        process.wait()
