"""Chromium as a person's browser, driven by Playwright, and axe, which judges whether everybody can use a screen."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from places import TESTS

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = TESTS / "axe" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}


def program() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def installed() -> bool:
    return bool(program()) and AXE.exists() and find_spec("playwright") is not None


@contextmanager
def opened(address: str, scripts: bool = True) -> Iterator["Page"]:
    """A window of a browser of its own at the address; what speaks up in it (alert) fails the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        context = chromium.new_context(
            java_script_enabled=scripts, locale="zh-CN", viewport={"width": 1000, "height": 800}
        )
        page = context.new_page()
        spoken: list[str] = []
        page.on("dialog", lambda dialog: (spoken.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        yield page
        chromium.close()
        assert spoken == []


def serious_faults(page: "Page") -> list[Any]:
    """What axe finds serious on the screen, with the places."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found["violations"] if v["impact"] in SERIOUS]
