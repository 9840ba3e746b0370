"""The local page in a real browser: a person goes from an unpacked folder to a report, with scripts and without; every
screen can be used by everybody; the pictures of the docs are taken here."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from batch_runs import small_workbook
from browser import opened, serious_faults
from page_client import Client, started
from places import ROOT
from test_page import COMPLETED, DEPARTMENT, HOSTILE, PUBLIC

pytestmark = pytest.mark.browser
PICTURES = ROOT / "docs" / "images"
ADDRESS = "{origin}/?token={token}"


def address(client: Client) -> str:
    return ADDRESS.format(origin=client.origin, token=client.token)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with started(tmp_path / "绩效自评") as started_client:
        yield started_client


@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_goes_from_an_upload_to_the_report(client: Client, scripts: bool) -> None:
    with opened(address(client), scripts) as page:
        page.set_input_files("#file", str(PUBLIC))
        page.click("button:has-text('放进来')")
        page.click("button:has-text('开始核对')")
        end = 100
        while "核对完了" not in page.inner_text("#state") and end:
            page.wait_for_timeout(500)
            if not scripts:
                page.reload()
            end -= 1
        page.click("text=查看结果")
        page.click("text=乐山市金口河区发展和改革委员会")
        assert "有 24 处错误" in page.inner_text("h1")
        with page.expect_download() as download:
            page.click("text=下载“退回修改”")
        assert download.value.suggested_filename.endswith("_退回修改.xlsx")


def test_every_screen_can_be_used_by_everybody_and_has_its_picture(client: Client) -> None:
    """axe finds nothing serious. With PERFEVAL_PICTURES=1 the pictures of the docs are taken again."""
    with opened(address(client)) as page:
        for workbook in (COMPLETED, PUBLIC):
            page.goto(f"{client.origin}/")
            page.set_input_files("#file", str(workbook))
            page.click("button:has-text('放进来')")
            page.click("button:has-text('开始核对')")
            page.wait_for_selector("text=查看结果", timeout=60_000)
        page.set_viewport_size({"width": 1000, "height": 700})
        screens = {
            "rivals": "/run",
            "home": "/",
            "results": "/results",
            "department": f"/department?of={quote(DEPARTMENT)}",
            "bureau": "/bureau",
            "help": "/help?code=SUM_001",
            "missing": "/no-such-page",
        }
        for name, path in screens.items():
            page.goto(client.origin + path)
            assert serious_faults(page) == [], name
            if os.environ.get("PERFEVAL_PICTURES"):
                page.screenshot(path=PICTURES / f"page_{name}.png")
        page.goto(f"{client.origin}/run")
        page.click("button:has-text('用新的这一份')")
        page.wait_for_selector("text=查看结果", timeout=60_000)
        page.goto(client.origin + screens["department"])
        assert serious_faults(page) == []
        if os.environ.get("PERFEVAL_PICTURES"):
            page.screenshot(path=PICTURES / "page_returned.png")
    assert [name for name in ("home", "results", "returned") if not (PICTURES / f"page_{name}.png").exists()] == []


def test_a_keyboard_is_enough(client: Client) -> None:
    with opened(address(client)) as page:
        seen = []
        for _ in range(12):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
        assert "跳到正文" in seen[0]
        assert "开始核对" in seen


def test_hostile_names_are_inert_in_a_browser(client: Client) -> None:
    (client.folder / "input" / "x.xlsx").write_bytes(small_workbook(HOSTILE))
    with opened(address(client)) as page:
        page.click("button:has-text('开始核对')")
        page.wait_for_selector("text=查看结果", timeout=60_000)
        page.goto(f"{client.origin}/results")
        assert HOSTILE.split("{{")[0] in page.inner_text("table")
        page.click("table a")
        assert "<script>" in page.inner_text("h1")
        page.goto(f"{client.origin}/bureau")
        assert page.locator("main script").count() == 0
