"""The local page by raw HTTP: who is let in, what a form may do, what a person sees from an upload to a report."""

import io
import json
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from batch_runs import small_workbook
from openpyxl import load_workbook
from page_client import Client, started
from places import ROOT

from perfeval.cli.commands import main
from perfeval.documents.json_text import json_bytes
from perfeval.output.seal import sealed_object
from perfeval.page.workspace import Workspace

EXAMPLES = ROOT / "input_templates"
PUBLIC, COMPLETED = (EXAMPLES / f"示例_金口河发改_{name}.xlsx" for name in ("公开稿", "补齐稿"))
DEPARTMENT = "2025/乐山市金口河区发展和改革委员会"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One that was opened; for tests that leave no trace of importance."""
    with started(tmp_path_factory.mktemp("page")) as client:
        client.open()
        yield client


# --- who is let in


def test_the_address_opens_the_page_once(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        assert client.get("/").status == 403
        answer = client.open()
        assert (answer.status, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"perfeval_{client.port}=")
        assert "httponly" in cookie.lower()
        assert "samesite=strict" in cookie.lower()
        assert client.ask("GET", f"/?token={client.token}").status == 403
        assert client.get("/").status == 200


@pytest.mark.parametrize("path", ["/", "/results", "/run/state", "/static/style.css", "/support"])
@pytest.mark.parametrize("cookie", ["", "perfeval_1=x", "perfeval_{port}=wrong", "perfeval_{port}="])
def test_without_the_cookie_nothing_is_shown(page: Client, path: str, cookie: str) -> None:
    answer = page.ask("GET", path, headers={"Cookie": cookie.format(port=page.port)})
    assert answer.status == 403
    assert "地址" in answer.text


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "127.0.0.1", "evil.example:{port}", "127.0.0.1:1", "[::1]:{port}"]
)
def test_another_name_of_this_computer_is_refused(page: Client, host: str) -> None:
    """A name server that points a stranger's name at this computer gets nowhere."""
    assert page.ask("GET", "/", headers={"Host": host.format(port=page.port)}).status == 400


def test_two_names_at_once_are_refused(page: Client) -> None:
    with socket.create_connection(("127.0.0.1", page.port)) as line:
        own = f"127.0.0.1:{page.port}"
        line.sendall(f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil\r\nCookie: {page.cookie}\r\n\r\n".encode())
        assert b" 400 " in line.recv(200).splitlines()[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost:{port}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_page_does_nothing(page: Client, headers: dict[str, str]) -> None:
    given = {name: value.format(port=page.port) for name, value in headers.items()}
    assert page.post("/run", **given).status == 403
    assert page.get("/run/state").text == '{"state":"","is_going":false}'


@pytest.mark.parametrize("form", ["", "wrong"])
def test_a_form_without_our_token_does_nothing(page: Client, form: str) -> None:
    for path in ("/run", "/stop", "/upload", "/choose", "/command", "/quit"):
        answer = page.ask("POST", f"{path}?form={form}", headers={"Origin": page.origin})
        assert answer.status == 403


def test_an_old_browser_that_sends_no_origin_can_use_the_forms(page: Client) -> None:
    assert page.post("/stop", Origin="").status == 303


@pytest.mark.parametrize("path", ["/run", "/upload", "/stop", "/choose", "/command", "/quit"])
def test_looking_changes_nothing(page: Client, path: str) -> None:
    assert page.get(path).status in (200, 405, 404)
    assert page.process.poll() is None
    assert page.get("/run/state").text == '{"state":"","is_going":false}'


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"])
def test_other_methods_are_refused(page: Client, method: str) -> None:
    answer = page.ask(method, "/", headers={"Origin": "http://evil.example"})
    assert answer.status in (400, 405)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/static/style.css", "/run/state"])
def test_every_answer_has_the_headers_that_keep_it_in_its_place(page: Client, path: str) -> None:
    headers = page.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


def test_only_this_computer_is_listened_to(page: Client) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    for address in others:
        with socket.socket() as line:
            line.settimeout(2)
            assert line.connect_ex((address, page.port)) != 0


# --- what is sent


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("甲局.xlsx", "甲局.xlsx"),
        ("../../甲局.xlsx", "甲局.xlsx"),
        ("C:\\\\Users\\\\张三\\\\甲局.xlsx", "甲局.xlsx"),
        ("/etc/甲局.XLSX", "甲局.xlsx"),
        (".甲局.xlsx", "甲局.xlsx"),
        ("~$甲局.xlsx", "甲局.xlsx"),
        ("--output=x.xlsx", "output=x.xlsx"),
    ],
)
def test_the_name_of_an_upload_is_reduced(tmp_path: Path, given: str, kept: str) -> None:
    with started(tmp_path) as client:
        client.open()
        assert client.upload((given, b"x")).status == 303
        assert [path.name for path in (tmp_path / "input").iterdir()] == [kept]


def test_a_second_file_of_a_name_stands_beside_the_first(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.open()
        client.upload(("甲局.xlsx", b"one"), ("甲局.xlsx", b"two"))
        found = {path.name: path.read_bytes() for path in (tmp_path / "input").iterdir()}
        assert found == {"甲局.xlsx": b"one", "甲局（2）.xlsx": b"two"}
        assert "收到“甲局（2）.xlsx”" in client.get("/").text


def test_what_is_no_workbook_by_its_name_is_not_taken(page: Client) -> None:
    page.upload(("run.bat", b"x"), ("page.html", b"<script>"))
    assert "“run.bat”不是工作簿文件" in page.get("/").text
    assert list((page.folder / "input").iterdir()) == []


def test_an_upload_without_files_says_what_to_do(page: Client) -> None:
    page.upload()
    assert "没有选文件" in page.get("/").text


def test_a_body_without_a_length_or_with_too_large_a_one_is_refused_at_once(page: Client) -> None:
    form = f"/upload?form={page.form}"
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Origin": page.origin}
    chunked = page.ask("POST", form, b"0\r\n\r\n", {**kind, "Transfer-Encoding": "chunked"})
    assert (chunked.status, "没有说明上传的大小" in chunked.text) == (411, True)
    large = page.ask("POST", form, b"", {**kind, "Content-Length": str(2**40)})
    assert (large.status, "太大" in large.text) == (413, True)


def test_a_form_that_is_none_is_a_sentence(page: Client) -> None:
    kind = {"Content-Type": "multipart/form-data", "Origin": page.origin}
    answer = page.ask("POST", f"/upload?form={page.form}", b"junk", kind)
    assert (answer.status, "没有接收" in answer.text) == (400, True)


# --- what is shown


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, str]]:
    """A page on which both examples were put in, and the screen at the end of their run."""
    with started(tmp_path_factory.mktemp("reported")) as client:
        client.open()
        client.upload((COMPLETED.name, COMPLETED.read_bytes()))
        client.run()
        client.upload((PUBLIC.name, PUBLIC.read_bytes()))
        yield client, client.run()


def test_a_second_workbook_of_a_department_is_a_question_and_the_old_results_stay(reported: tuple[Client, str]) -> None:
    client, ended = reported
    assert "今年已经交过一份" in ended
    assert f"保留原来的：{COMPLETED.name}" in ended
    assert f"用新的这一份：{PUBLIC.name}" in ended
    assert (client.folder / "output" / DEPARTMENT / "结果.json").exists()


def test_from_an_answer_to_the_list_of_errors_and_the_report(reported: tuple[Client, str]) -> None:
    client, _ = reported
    client.post("/choose", {"file": COMPLETED.name})
    client.wait()
    assert [path.name for path in (client.folder / "input").glob("*.xlsx")] == [COMPLETED.name]
    listed = client.get("/results").text
    assert "98.94" in listed
    shown = client.get(f"/department?of={quote(DEPARTMENT)}").text
    assert "没有错误，报告已出：98.94 分 优" in shown
    report = client.get(f"/download?of={quote(DEPARTMENT)}&kind=report")
    assert report.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert zipfile.ZipFile(io.BytesIO(report.content)).testzip() is None
    assert client.get("/download?kind=summary").status == 200
    assert "等级分布" in client.get("/bureau").text


@pytest.mark.parametrize(
    "query",
    [
        "of=../..&kind=report",
        f"of={quote(DEPARTMENT)}&kind=../结果.json",
        f"of={quote(DEPARTMENT)}&kind=",
        "of=&kind=report",
        "of=2025&kind=score_workbook",
        "kind=%2e%2e",
    ],
)
def test_only_documents_of_sets_can_be_downloaded(reported: tuple[Client, str], query: str) -> None:
    answer = reported[0].get(f"/download?{quote(query, safe='=&%')}")
    assert answer.status == 404
    assert "没有这份文件" in answer.text


def test_a_workbook_with_errors_is_a_list_in_groups(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.open()
        client.upload((PUBLIC.name, PUBLIC.read_bytes()))
        assert "核对完了" in client.run()
        shown = client.get(f"/department?of={quote(DEPARTMENT)}").text
        assert "：有 24 处错误" in shown
        assert "下载“退回修改”" in shown
        assert "同类 " in shown
        assert client.get("/help?code=SUM_001").status == 200


def test_last_year_s_workbook_prefills_this_year_s(page: Client) -> None:
    answer = page.upload((COMPLETED.name, COMPLETED.read_bytes()), to="/prefill")
    assert "attachment" in answer.headers["content-disposition"]
    assert "读入说明" in load_workbook(io.BytesIO(answer.content)).sheetnames


def test_what_nothing_can_be_read_from_is_a_sentence(page: Client) -> None:
    answer = page.upload(("照片.docx", b"junk"), to="/prefill")
    assert "没有读到可以预填的内容" in answer.text
    assert "照片.docx" in answer.text
    assert page.upload(to="/prefill").status == 400


def test_a_run_can_be_stopped_and_taken_up_again(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.open()
        client.upload(*((f"{number}局.xlsx", small_workbook(f"{number}局")) for number in range(30)))
        client.post("/run")
        time.sleep(1)
        client.post("/stop")
        assert "已停止。已完成的都保留" in client.wait()
        assert "核对完了" in client.run()
        assert len(list((tmp_path / "output" / "2025").iterdir())) == 30


def test_the_lock_of_another_run_is_its_own_sentence(tmp_path: Path) -> None:
    from perfeval.output.lock import occupied

    with started(tmp_path) as client:
        client.open()
        client.upload(("甲局.xlsx", small_workbook("甲局")))
        with occupied(tmp_path / "output"):
            assert "正在由另一次运行使用" in client.run()


def test_five_thousand_departments_are_listed_in_under_a_second(tmp_path: Path) -> None:
    """From the run record alone: nothing else is there."""
    (tmp_path / "output").mkdir()
    line = {
        "sha256": "0" * 64, "status": "reported", "reason": "", "findings": 0, "answered": 0, "version": 1,
        "year": 2025, "kind": "部门整体", "total": "90.00", "grade": "优", "errors": 0, "questions": 0,
        "fingerprint": "x", "texts": [], "folder": "x",
    }  # fmt: skip
    lines = [
        {**line, "file": f"{n}.xlsx", "department": f"第{n}局", "outputs": {f"2025/第{n}局/结果.json": "0" * 64}}
        for n in range(5000)
    ]
    record = {"schema": "1.1", "inputs": lines, "versions": {}, "as_of": None, "counts": {}, "kept": [], "written": {}}
    (tmp_path / "output" / "运行记录.json").write_bytes(sealed_object(json_bytes(record)))
    with started(tmp_path) as client:
        client.open()
        client.get("/results")
        begun = time.monotonic()
        shown = client.get(f"/results?words={quote('第4999局')}").text
        assert time.monotonic() - begun < 1
        assert "共 1 份" in shown
        assert "第 1 / 100 页" in client.get("/results").text


HOSTILE = "<script>alert(1)</script>\"'>&{{7*7}}"


def test_hostile_names_are_inert(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.open()
        client.upload((f"{HOSTILE.replace(chr(34), '')}.xlsx", small_workbook(HOSTILE)))
        client.run()
        (folder,) = (tmp_path / "output" / "2025").iterdir()
        pages = ("/", "/results", "/bureau", f"/department?of={quote('2025/' + folder.name)}")
        shown = "".join(client.get(path).text for path in (*pages, f"/results?words={quote(HOSTILE)}"))
        assert "<script>alert" not in shown
        assert "49" not in client.get(f"/results?words={quote(HOSTILE)}").text
        assert "&lt;script&gt;alert" in shown


def test_the_bundle_for_a_maintainer_has_no_names(reported: tuple[Client, str]) -> None:
    parts = zipfile.ZipFile(io.BytesIO(reported[0].get("/support").content))
    text = "".join(parts.read(name).decode() for name in parts.namelist())
    assert "perfeval 0." in text
    assert [word for word in ("金口河", "发改", str(reported[0].folder)) if word in text] == []


def test_the_blank_template_is_chosen_by_regulation_or_both(page: Client) -> None:
    one = page.get("/template?regulation=sichuan-dept-65-35&year=2025")
    assert one.headers["content-type"].endswith("sheet")
    assert page.get("/template?regulation=&year=").headers["content-type"] == "application/zip"
    assert page.get("/template?regulation=no-such&year=2025").status == 404


def test_leaving_ends_the_program(tmp_path: Path) -> None:
    with started(tmp_path) as client:
        client.open()
        assert "程序已退出" in client.post("/quit").text
        assert client.process.wait(20) == 0


def test_nobody_there_for_long_ends_the_program(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from perfeval.page import serve; serve.IDLE_SECONDS = 1; "
        f"serve.serve(Path({str(tmp_path)!r}), 0, False)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=60, check=False).returncode == 0


def test_nothing_is_fetched_from_elsewhere() -> None:
    """No script, font or picture of another server stands in a screen."""
    files = [*(ROOT / "perfeval/page/templates").iterdir(), *(ROOT / "perfeval/page/static").iterdir()]
    assert [path.name for path in files if re.search(r"https?:|src=.//|url\(", path.read_text(encoding="utf-8"))] == []
    assert [path.name for path in files if re.search(r"\|\s*safe|Markup|innerHTML", path.read_text("utf-8"))] == []


def test_a_port_in_use_is_a_sentence(page: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", "--no-browser", "--port", str(page.port), "--folder", str(tmp_path)]) == 5
    assert f"端口 {page.port} 已被别的程序占用" in capsys.readouterr().err


def test_a_workspace_shows_nothing_of_a_damaged_record(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (workspace.output / "运行记录.json").write_text(json.dumps({"inputs": [HOSTILE]}), encoding="utf-8")
    assert (workspace.lines, workspace.rivals(), workspace.result("../..")) == ((), (), {})
