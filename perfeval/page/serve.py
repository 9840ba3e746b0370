"""Starts the page on this computer alone, opens the browser, and ends when nobody has used it for an hour."""

import asyncio
import logging
import socket
import time
import webbrowser
from pathlib import Path

import uvicorn

from perfeval.errors import OutputError
from perfeval.output.files import unwritable
from perfeval.page.gate import Gate
from perfeval.page.site import Site
from perfeval.page.workspace import Workspace

IDLE_SECONDS = 3600
LOOK_SECONDS = 1


def serve(folder: Path, port: int, opens_browser: bool) -> None:
    """Serves until the operator ends it. Raises OutputError where folder or port cannot be used."""
    try:
        workspace = Workspace(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    with _listening(port) as listener:
        site = Site(workspace)
        gate = Gate(site.application, listener.getsockname()[1])
        site.form = gate.form
        print(f"绩效自评：{gate.address}", flush=True)
        if opens_browser:
            webbrowser.open(gate.address)
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        asyncio.run(_until_done(site, gate, listener))


def _listening(port: int) -> socket.socket:
    """A socket of this computer's own address; port 0 takes a free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)  # a browser may come before the server is ready
    except OSError as error:
        listener.close()
        raise OutputError(f"端口 {port} 已被别的程序占用。", "请用 --port 换一个，或者不写，由程序自己选。") from error
    return listener


async def _until_done(site: Site, gate: Gate, listener: socket.socket) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            gate,
            access_log=False,
            log_level="critical",
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=5,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not serving.done():
        await asyncio.wait([serving], timeout=LOOK_SECONDS)
        is_idle = time.monotonic() - gate.last_request > IDLE_SECONDS and not site.is_busy
        server.should_exit = server.should_exit or is_idle or site.is_over
    site.stop()
