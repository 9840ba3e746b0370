"""The outbox: one ready letter for each reported package, a sentence for each that cannot go, nothing sent."""

import json
import re
import shutil
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from outboxes import ERROR, published, question, roster
from places import ROOT

from perfeval.blank.roster import EXAMPLE_ROW, roster_workbook
from perfeval.cli.commands import main
from perfeval.documents.evaluation import Settings
from perfeval.documents.json_text import json_bytes
from perfeval.errors import NothingToReadError, UsageError
from perfeval.exchange.mail.address import MalformedAddress, parse_addresses
from perfeval.exchange.mail.outbox import fill_outbox
from perfeval.exchange.mail.send import plan
from perfeval.exchange.mail.settings import SIGNATURE_EXAMPLE, load_signature
from perfeval.exchange.mail.wording import summary
from perfeval.output import publishing
from perfeval.run.pipeline import evaluate, write_documents
from perfeval.run.roster import Contact, load_roster

EXAMPLE = ROOT / "input_templates" / "示例_金口河发改_补齐稿.xlsx"
DEPARTMENT = "乐山市金口河区发展和改革委员会"
ONE = roster(("甲局", "张三 <a@example.com>；b@example.com", "c@example.com", "2026-03-31"))


def letter(output: Path, name: str = "甲局_2025_第1版.eml") -> EmailMessage:
    message = message_from_bytes((output / "发件箱" / name).read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def names(output: Path) -> list[str]:
    return sorted(p.name for p in (output / "发件箱").iterdir())


@pytest.fixture(scope="module")
def example_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The completed example as `perfeval report` publishes it."""
    output = tmp_path_factory.mktemp("output")
    settings = Settings(date(2026, 2, 1))
    documents = write_documents(evaluate(EXAMPLE, EXAMPLE.name, settings), f"{DEPARTMENT}_2025", settings)
    files = {**documents.files, "结果.json": json_bytes(documents.result)}
    publishing.publish(output, publishing.stage(output, "1", f"2025/{DEPARTMENT}", files))
    publishing.clear(output)
    return output


def test_the_example_becomes_a_letter_with_its_figures_and_documents(example_output: Path) -> None:
    packed = fill_outbox(example_output, load_roster(ROOT / "input_templates" / "示例_报送名册.xlsx"))
    message = letter(example_output, f"{DEPARTMENT}_2025_第1版.eml")
    folder = example_output / "2025" / DEPARTMENT
    assert packed.blocked == ()
    assert message["X-Unsent"] == "1"
    assert message["From"] is None
    assert str(message["Subject"]) == f"{DEPARTMENT} 2025年度绩效自评 第1版"
    assert message["Date"].datetime.date() == date(2026, 1, 15)
    assert message.get_body().get_content().splitlines() == [
        "总分：按填报数据计算 98.94 分（满分 100 分）；单位自评 98.94 分",
        "等级：优",
        "疑点：16 条（另有 1 条已经说明）",
    ]
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert attached == {
        f"{DEPARTMENT}_2025_{kind}": (folder / f"{DEPARTMENT}_2025_{kind}").read_bytes()
        for kind in ("自评报告.docx", "评分表.xlsx")
    }


def test_recipients_copies_and_deadline_come_from_the_roster(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    packed = fill_outbox(tmp_path, ONE)
    message = letter(tmp_path)
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == [
        ("张三", "a@example.com"),
        ("", "b@example.com"),
    ]
    assert [a.addr_spec for a in message["Cc"].addresses] == ["c@example.com"]
    assert "截止日期 2026-03-31" in packed.written["甲局_2025_第1版.eml"]


def test_the_file_is_plain_ascii_with_names_as_rfc_2231_says_and_lines_ended_as_mail_wants(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    fill_outbox(tmp_path, ONE)
    content = (tmp_path / "发件箱" / "甲局_2025_第1版.eml").read_bytes()
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert len(re.findall(rb"filename(\*0)?\*=utf-8''", content)) == 2


def test_the_same_package_gives_the_same_bytes_and_another_one_another_message_id(tmp_path: Path) -> None:
    for folder, text in (("first", "x"), ("second", "x"), ("third", "y")):
        published(tmp_path / folder, "甲局", text=text)
        fill_outbox(tmp_path / folder, ONE)
    first, second, third = (
        (tmp_path / f / "发件箱" / "甲局_2025_第1版.eml").read_bytes() for f in ("first", "second", "third")
    )
    assert first == second
    assert letter(tmp_path / "first")["Message-ID"] != letter(tmp_path / "third")["Message-ID"]
    assert first != third


def test_a_superseded_version_kept_in_history_counts(tmp_path: Path) -> None:
    folder = published(tmp_path, "甲局")
    (folder / "历史" / "v1").mkdir(parents=True)
    (folder / "历史" / "v2").mkdir()
    fill_outbox(tmp_path, ONE)
    assert str(letter(tmp_path, "甲局_2025_第3版.eml")["Subject"]) == "甲局 2025年度绩效自评 第3版"


BLOCKED = {  # what is wrong → the roster's row, what 结果.json says besides, words of the sentence
    "unknown": (("乙局", "a@example.com"), {}, ("名册里没有“甲局”",)),
    "no recipient": (("甲局", ""), {}, ("第 2 行", "没有填收件人")),
    "no at": (("甲局", "a.example.com"), {}, ("第 2 行", "“a.example.com”", "不是完整的邮箱地址")),
    "wide at": (("甲局", "a＠example.com"), {}, ("“a＠example.com”",)),
    "no domain": (("甲局", "a@localhost"), {}, ("“a@localhost”",)),
    "two in one": (("甲局", "a@example.com b@example.com"), {}, ("“a@example.com b@example.com”",)),
    "copy": (("甲局", "a@example.com", "ok@example.com；bad@"), {}, ("抄送“bad@”",)),
}


@pytest.mark.parametrize("case", BLOCKED)
def test_what_cannot_go_is_blocked_with_a_sentence(tmp_path: Path, case: str) -> None:
    row, changes, words = BLOCKED[case]
    published(tmp_path, "甲局", **changes)
    packed = fill_outbox(tmp_path, roster(row))
    assert names(tmp_path) == []
    (sentence,) = packed.blocked
    assert all(word in sentence for word in (*words, "甲局", "改法")), sentence


def test_a_department_twice_in_the_roster_is_blocked(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    assert (
        "第 2、3 行" in fill_outbox(tmp_path, roster(("甲局", "a@example.com"), ("甲局", "b@example.com"))).blocked[0]
    )


@pytest.mark.parametrize("listed", ["甲局(本级)", "甲 局（本级）", "甲局\u200b（本级）", "甲局（本\ufe0f级）"])
def test_the_roster_is_compared_as_people_read_it(listed: str, tmp_path: Path) -> None:
    """As report compares it."""
    published(tmp_path, "甲局（本级）")
    assert list(fill_outbox(tmp_path, roster((listed, "a@example.com"))).written) == ["甲局（本级）_2025_第1版.eml"]


def test_a_department_twice_but_for_a_space_is_blocked(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    assert (
        "第 2、3 行" in fill_outbox(tmp_path, roster(("甲局", "a@example.com"), ("甲 局", "b@example.com"))).blocked[0]
    )


def test_one_blocked_department_does_not_hold_up_another(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    published(tmp_path, "乙局")
    packed = fill_outbox(tmp_path, roster(("甲局", "a@example.com"), ("乙局", "b@localhost")))
    assert (names(tmp_path), len(packed.blocked)) == (["甲局_2025_第1版.eml"], 1)


@pytest.mark.parametrize("name", ["甲局_2025_评分表.xlsx", "甲局_2025_自评报告.docx", "结果.json"])
def test_a_document_changed_after_it_was_made_is_blocked(tmp_path: Path, name: str) -> None:
    folder = published(tmp_path, "甲局")
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    (sentence,) = fill_outbox(tmp_path, ONE).blocked
    assert name in sentence
    assert "改动过" in sentence


def test_a_document_of_which_nobody_knows_what_was_written_is_blocked(tmp_path: Path) -> None:
    """Without a run record, of a set whose 结果.json has no hashes yet: it may have been exchanged."""
    report = published(tmp_path, "甲局") / "甲局_2025_自评报告.docx"
    (tmp_path / "运行记录.json").unlink()
    report.write_bytes(b"another's report")
    (sentence,) = fill_outbox(tmp_path, ONE).blocked
    assert "“甲局_2025_自评报告.docx”" in sentence
    assert "再运行一次 perfeval report" in sentence


def test_a_set_that_is_not_where_the_record_says_is_reported(tmp_path: Path) -> None:
    folders = [published(tmp_path, name) for name in ("甲局", "乙局", "丙局")]
    for folder in folders[1:]:
        shutil.rmtree(folder)
    folders[2].write_text("别人的文件", encoding="utf-8")
    (folders[0] / "结果.json").unlink()
    (folders[0] / "结果.json").symlink_to("nowhere")
    reported = fill_outbox(tmp_path, ONE).blocked
    for name, what in (
        ("甲局", "里的“结果.json”是一个指向别处的链接"),
        ("乙局", "不见了"),
        ("丙局", "这个位置上是一个文件"),
    ):
        assert any(f"{name}”{what}" in sentence for sentence in reported)
    assert folders[2].read_text(encoding="utf-8") == "别人的文件"


NAME = "甲局_2025_第1版.eml"
ADDRESSES = "To: " + "a@b," * 20_000
NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000))


@pytest.mark.parametrize(
    "text",
    [
        "我的草稿",
        f"Message-ID: <a@perfeval.invalid>\r\n{ADDRESSES}\r\n\r\n",
        f"Message-ID: <a@perfeval.invalid>\r\n{NESTED}",
        "",
    ],
)
def test_a_file_of_others_in_the_place_of_a_letter_is_set_aside(tmp_path: Path, text: str) -> None:
    published(tmp_path, "甲局")
    (tmp_path / "发件箱").mkdir()
    (tmp_path / "发件箱" / NAME).write_bytes(text.encode())
    packed = fill_outbox(tmp_path, ONE)
    assert list(packed.written) == [NAME]
    assert packed.kept == (
        f"“{NAME}”被改动过，或者不是本程序写的，没有覆盖，改名保留为“甲局_2025_第1版（原有）.eml”。",
    )
    assert (tmp_path / "发件箱" / "甲局_2025_第1版（原有）.eml").read_bytes() == text.encode()


def test_a_letter_that_somebody_edited_is_set_aside_and_goes_out_once(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    fill_outbox(tmp_path, ONE)
    ours = (tmp_path / "发件箱" / NAME).read_bytes()
    edited = ours.replace(b"X-Unsent: 1\r\n", b"X-Unsent: 1\r\nX-Note: mine\r\n")
    (tmp_path / "发件箱" / NAME).write_bytes(edited)
    assert len(fill_outbox(tmp_path, ONE).kept) == 1
    assert fill_outbox(tmp_path, ONE).kept == ()
    assert {n: (tmp_path / "发件箱" / n).read_bytes() for n in names(tmp_path)} == {
        NAME: ours,
        "甲局_2025_第1版（原有）.eml": edited,
    }
    first, second = plan(tmp_path)
    assert (first.waits, second.waits) == (True, False)
    assert f"和“{NAME}”是同一份材料，只发那一封" in second.obstacle


def test_an_outdated_letter_that_somebody_edited_is_left_and_does_not_go_out(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    fill_outbox(tmp_path, ONE)
    edited = (tmp_path / "发件箱" / NAME).read_bytes().replace(b"X-Unsent: 1\r\n", b"X-Unsent: 0\r\n")
    (tmp_path / "发件箱" / NAME).write_bytes(edited)
    published(tmp_path, "甲局", text="another")
    shutil.rmtree(tmp_path / "2025" / "甲局")
    published(tmp_path, "乙局")
    packed = fill_outbox(tmp_path, ONE)
    assert packed.removed == ()
    assert f"“{NAME}”已过时，但被改动过，没有取出" in packed.kept[0]
    assert (tmp_path / "发件箱" / NAME).read_bytes() == edited
    assert not plan(tmp_path)[0].waits


def test_a_missing_document_is_blocked(tmp_path: Path) -> None:
    (published(tmp_path, "甲局") / "甲局_2025_评分表.xlsx").unlink()
    assert "文件不全" in fill_outbox(tmp_path, ONE).blocked[0]


def test_a_damaged_result_is_blocked(tmp_path: Path) -> None:
    (published(tmp_path, "甲局") / "结果.json").write_text("[]", encoding="utf-8")
    (sentence,) = fill_outbox(tmp_path, ONE).blocked
    assert "2025/甲局/结果.json”已损坏" in sentence


def test_a_set_the_last_run_could_not_renew_is_blocked(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    record = json.loads((tmp_path / "运行记录.json").read_text(encoding="utf-8"))
    record["inputs"][0] |= {"outputs": {}, "reason": "请关闭文件"}
    (tmp_path / "运行记录.json").write_text(json.dumps(record), encoding="utf-8")
    assert "结果是旧的" in fill_outbox(tmp_path, ONE).blocked[0]


def test_the_letter_of_a_report_whose_workbook_now_has_errors_is_taken_out_and_letters_of_others_stay(
    tmp_path: Path,
) -> None:
    published(tmp_path, "甲局")
    fill_outbox(tmp_path, ONE)
    (tmp_path / "发件箱" / "自己写的.eml").write_bytes(b"Subject: hello\r\n\r\nhello\r\n")
    published(tmp_path, "甲局", status="returned", findings=[ERROR])
    assert fill_outbox(tmp_path, ONE).removed == ("甲局_2025_第1版.eml",)
    assert names(tmp_path) == [RETURNED, "自己写的.eml"]


RETURNED = "甲局_2025_第1版_退回修改.eml"
SIGNATURE = "某县财政局绩效股\n电话：0833-1234567\n"


def returned(output: Path, **changes: object) -> Path:
    """A set whose workbook goes back, with the workbook that was marked."""
    documents = {
        "score_workbook": "甲局_2025_评分表.xlsx",
        "report": None,
        "returned": "甲局_2025_退回修改.xlsx",
    }
    found = [ERROR, ERROR, question(), question(answered=True)]
    return published(output, "甲局", **{"status": "returned", "findings": found, "documents": documents, **changes})


def test_a_returned_workbook_goes_back_with_an_official_letter(tmp_path: Path) -> None:
    folder = returned(tmp_path)
    packed = fill_outbox(tmp_path, ONE, SIGNATURE)
    message = letter(tmp_path, RETURNED)
    assert packed.written == {
        RETURNED: "退回修改（2 处错误），寄给 张三 <a@example.com>；b@example.com，抄送 c@example.com，截止日期 2026-03-31"
    }
    assert str(message["Subject"]) == "甲局 2025年度绩效自评 第1版 退回修改"
    assert message.get_body().get_content().splitlines() == [
        "甲局：",
        "　　你单位报送的2025年度绩效自评填报工作簿（第1版）已收到。经核对，有 2 处错误需要改正，另有 1 处疑点需要说明，现退回修改。",
        "　　请打开附件“甲局_2025_退回修改.xlsx”，只改标了颜色的单元格（每一处现在是什么、应当是什么、怎样改，见其中的“问题清单”），"
        "保存后把这份工作簿作为附件回复本邮件。请不要另建工作簿，也不要改动工作表和表头，以便认出它改自哪一份。",
        "　　请于 2026年3月31日 前发回。",
        "",
        "某县财政局绩效股",
        "电话：0833-1234567",
        "2026年1月15日",
    ]
    attached = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert attached == {"甲局_2025_退回修改.xlsx": (folder / "甲局_2025_退回修改.xlsx").read_bytes()}


def test_without_deadline_and_signature_the_letter_says_soon_and_ends_with_the_day(tmp_path: Path) -> None:
    returned(tmp_path)
    fill_outbox(tmp_path, roster(("甲局", "a@example.com")))
    assert letter(tmp_path, RETURNED).get_body().get_content().splitlines()[-3:] == [
        "　　请尽快发回。",
        "",
        "2026年1月15日",
    ]


def test_a_workbook_that_could_not_be_marked_goes_back_with_the_list_in_its_score_workbook(tmp_path: Path) -> None:
    returned(tmp_path, documents={"score_workbook": "甲局_2025_评分表.xlsx", "report": None, "returned": None})
    fill_outbox(tmp_path, ONE)
    assert "请打开附件“甲局_2025_评分表.xlsx”" in letter(tmp_path, RETURNED).get_body().get_content()


@pytest.mark.parametrize(("only", "written"), [("", 2), ("reported", 1), ("returned", 1)])
def test_one_kind_of_letters_alone_leaves_those_of_the_other_as_they_are(
    tmp_path: Path, only: str, written: int
) -> None:
    returned(tmp_path)
    published(tmp_path, "乙局")
    both = roster(("甲局", "a@example.com"), ("乙局", "b@example.com"))
    assert len(fill_outbox(tmp_path, both, only=only).written) == written
    fill_outbox(tmp_path, both)
    packed = fill_outbox(tmp_path, both, only=only)
    assert packed.removed == ()
    assert names(tmp_path) == ["乙局_2025_第1版.eml", RETURNED]


def test_a_signature_that_is_no_text_is_refused_with_an_example(tmp_path: Path) -> None:
    (tmp_path / "寄信设置.toml").write_text("[letter]\nsignature = 5\n", encoding="utf-8")
    with pytest.raises(UsageError, match="signature 不对"):
        load_signature(tmp_path / "寄信设置.toml")
    (tmp_path / "寄信设置.toml").write_text(SIGNATURE_EXAMPLE, encoding="utf-8")
    assert load_signature(tmp_path / "寄信设置.toml").splitlines()[0] == "某县财政局绩效股"
    assert load_signature(tmp_path / "没有.toml") == ""


def test_nothing_published_says_what_to_run_first(tmp_path: Path) -> None:
    with pytest.raises(NothingToReadError, match="还没有可以寄送的结果"):
        fill_outbox(tmp_path, ONE)


def test_a_later_run_of_the_batch_leaves_the_outbox_alone(tmp_path: Path) -> None:
    published(tmp_path, "甲局")
    fill_outbox(tmp_path, ONE)
    content = (tmp_path / "发件箱" / "甲局_2025_第1版.eml").read_bytes()
    publishing.recover(tmp_path)
    publishing.withdraw(tmp_path, "2025/甲局")
    assert not (tmp_path / "2025").exists()
    assert (tmp_path / "发件箱" / "甲局_2025_第1版.eml").read_bytes() == content


SUMMARIES = [  # what 结果.json says → the letter's three lines
    ({}, ["总分：按填报数据计算 93.50 分（满分 100 分）", "等级：优", "疑点：0 条"]),
    (
        {"findings": [question(), question(), question(True)]},
        ["总分：按填报数据计算 93.50 分（满分 100 分）", "等级：优", "疑点：2 条（另有 1 条已经说明）"],
    ),
    (
        {
            "grade": None,
            "items": [
                {"id": "A", "parent": None, "basis": "not_scored"},
                {"id": "A1", "parent": "A", "basis": "not_scored"},
            ],
        },
        ["总分：按填报数据计算 93.50 分（满分 100 分，含 1 项未评分）", "等级：无法评定", "疑点：0 条"],
    ),
    (
        {
            "total": None,
            "grade": None,
            "projects": [{"grade": "优"}, {"grade": "良"}, {"grade": "优"}, {"grade": None}],
        },
        ["总分：共 4 个项目，逐个得分见评分表", "等级：优 2 个，良 1 个，无法评定 1 个", "疑点：0 条"],
    ),
]


@pytest.mark.parametrize(("changes", "lines"), SUMMARIES)
def test_the_three_lines(tmp_path: Path, changes: dict[str, object], lines: list[str]) -> None:
    folder = published(tmp_path, "甲局", **changes)
    assert summary(json.loads((folder / "结果.json").read_text(encoding="utf-8"))).splitlines() == lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.cn", ["a@x.cn"]),
        ("张三<a@x.gov.cn>; b.c-d@x-y.cn", ["张三 <a@x.gov.cn>", "b.c-d@x-y.cn"]),
        ("a@x.cn，b@x.cn、A@X.cn\nc@x.cn", ["a@x.cn", "b@x.cn", "c@x.cn"]),
        ("", []),
    ],
)
def test_addresses_as_people_type_them(text: str, found: list[str]) -> None:
    assert [str(a) for a in parse_addresses(text)] == found


@pytest.mark.parametrize(
    "text",
    ["a@x", "@x.cn", "a..b@x.cn", "a@x..cn", "a@-x.cn", "a b@x.cn", "张三 a@x.cn", "<a@x.cn", "a@x.cn\x00", "局@x.cn"],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(MalformedAddress):
        parse_addresses(text)


def test_the_roster_keeps_row_numbers_and_reads_dates(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(roster_workbook([EXAMPLE_ROW]))
    loaded = load_roster(path)
    assert loaded.departments == (DEPARTMENT,)
    assert loaded.contacts == (Contact(2, DEPARTMENT, EXAMPLE_ROW[1], EXAMPLE_ROW[2], "2026-03-31"),)


def test_the_command_says_what_lies_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    published(tmp_path, "甲局")
    published(tmp_path, DEPARTMENT)
    assert main(["outbox", str(tmp_path), "--roster", str(ROOT / "input_templates" / "示例_报送名册.xlsx")]) == 1
    reported = capsys.readouterr().out
    assert "待发邮件 1 封" in reported
    assert "名册里没有“甲局”" in reported


def test_make_outbox_without_a_roster_shows_it_with_the_example(
    example_output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(example_output, tmp_path / "output" / "示例")
    example = ROOT / "input_templates" / "示例_报送名册.xlsx"
    assert (
        main(["outbox", str(tmp_path / "output"), "--roster", str(tmp_path / "没有.xlsx"), "--example", str(example)])
        == 0
    )
    assert "示例" in capsys.readouterr().err
    assert len(names(tmp_path / "output" / "示例")) == 1


def test_the_template_command_writes_the_blank_roster(tmp_path: Path) -> None:
    assert main(["template", "--roster", "-o", str(tmp_path)]) == 0
    assert (tmp_path / "报送名册_模板.xlsx").read_bytes() == roster_workbook()
