"""The command line: every command, its arguments and their words. `commands.py` says what each does."""

import argparse
import os
from pathlib import Path
from typing import Any

from perfeval import __version__
from perfeval.cli.parser import ChineseParser, day, port, positive, renamed, seed

DEFAULT_INPUT, DEFAULT_OUTPUT = Path("input"), Path("output")
EXAMPLE_FOLDER = "示例"  # of the results, where the example is shown
MAIL_SETTINGS = Path("寄信设置.toml")


def parser() -> ChineseParser:
    """The whole command line; `command` of what it parses is the command's name, as `regulation list`."""
    whole = ChineseParser(
        prog="perfeval", description="绩效自评：读取填报工作簿，逐格核对，按指标体系评分，生成评分表和自评报告。"
    )
    whole.add_argument("--version", action="version", version=f"perfeval {__version__}", help="显示版本")
    commands = whole.add_subparsers(title="命令", metavar="命令", required=True)
    _add_report(commands)
    _add_check(commands)
    _add_watch(commands)
    _add_page(commands)
    _add_audit(commands)
    _add_prefill(commands)
    _add_template(commands)
    _add_explain(commands)
    _add_regulation(commands)
    _add_exchange(commands)
    _add_mail(commands)
    return whole


Commands = Any  # argparse's own type for it has no public name


def _command(commands: Commands, name: str, summary: str, group: str = "") -> ChineseParser:
    parser: ChineseParser = commands.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=f"{group} {name}".strip())
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="工作簿或文件夹", help=f"可以写多个；不写时读取 {DEFAULT_INPUT} 文件夹"
    )
    parser.add_argument(
        "--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时处理的工作簿数，默认为处理器核数"
    )
    parser.add_argument(
        "--as-of", type=day, metavar="日期", help="报告日期，如 2026-01-15；不写时用填报日期，再没有则用今天"
    )
    parser.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹，与内置的一起使用")
    parser.add_argument("--log", type=Path, metavar="文件", help="另写一份给维护人员的日志：没有名称、文件名和填报内容")


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=DEFAULT_OUTPUT,
        metavar="文件夹",
        help=f"结果放在哪里，默认 {DEFAULT_OUTPUT}",
    )


def _add_report(commands: Commands) -> None:
    parser = _command(commands, "report", "读取工作簿，生成评分表、自评报告或退回修改清单")
    _add_inputs(parser)
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    output.add_argument("--progress", choices=("json",), help="逐行以 JSON 输出进度和每份的结果，给别的程序读")
    _add_output(parser)
    parser.add_argument("--roster", type=Path, metavar="名册", help="应报送部门名册（.xlsx，一列“部门”）")
    parser.add_argument(
        "--rename",
        type=renamed,
        action="append",
        default=[],
        metavar="旧=新",
        help="部门改了名称：改正稿取代旧名称的那一版，可写多次",
    )
    parser.add_argument(
        "--template", type=Path, action="append", default=[], metavar="文件", help="自己的 Word 模板，可写多次"
    )
    parser.add_argument("--annotated", action="store_true", help="另出一份注明每个数字来源的报告")
    parser.add_argument("--pdf", action="store_true", help="另存 PDF（需要装有 LibreOffice），放在结果文件夹的 PDF 里")
    parser.add_argument(
        "--public",
        action="store_true",
        help="另出一份公开稿：没有填报人、审核人、联系电话、佐证材料和表头写了“（不公开）”的列",
    )
    parser.add_argument("--example", type=Path, metavar="工作簿", help="没有工作簿可读时，改为处理这个示例")
    parser.add_argument(
        "--returned-ok", action="store_true", help="有退回或无法读取的工作簿时也以 0 结束（make report 用）"
    )
    parser.add_argument("--force", action="store_true", help="没有变化的工作簿也重新做一遍")
    parser.add_argument("--cluster", metavar="地址", help="交给多台机器的 Dask 调度器，如 tcp://10.0.0.1:8786")
    parser.add_argument(
        "--previous",
        type=Path,
        metavar="文件夹",
        help="上一年度的填报工作簿或归档包，用来核对结转、压减基数、金额的单位、文字和改进建议",
    )
    parser.add_argument("--quiet", action="store_true", help="只说结果，不显示进度")


def _add_check(commands: Commands) -> None:
    parser = _command(commands, "check", "只核对，不写任何文件")
    _add_inputs(parser)
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def _add_watch(commands: Commands) -> None:
    parser = _command(commands, "watch", "看着一个文件夹：放进来的工作簿稳定以后自动处理，按 Ctrl-C 结束")
    parser.add_argument("folder", nargs="?", type=Path, metavar="文件夹", help=f"默认 {DEFAULT_INPUT}")
    _add_output(parser)
    parser.add_argument("--every", type=positive, default=5, metavar="秒", help="几秒看一次，默认 5")
    parser.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时处理的工作簿数")
    parser.add_argument("--roster", type=Path, metavar="名册", help="应报送部门名册")
    parser.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")


def _add_page(commands: Commands) -> None:
    parser = _command(commands, "page", "在浏览器里使用：只在这台电脑上打开的页面，放工作簿、看结果")
    parser.add_argument("--port", type=port, default=0, metavar="端口", help="不写时由程序自己选")
    parser.add_argument("--no-browser", action="store_true", help="只打印地址，不打开浏览器")
    parser.add_argument(
        "--folder", type=Path, default=Path(), metavar="文件夹", help="里面有 input 和 output；默认当前文件夹"
    )


def _add_audit(commands: Commands) -> None:
    parser = _command(commands, "audit", "重新核算一份写好的报告，列出其中自相矛盾之处")
    parser.add_argument(
        "reports", nargs="+", type=Path, metavar="报告", help=".docx、.txt、.xlsx 文件或文件夹，本程序或别人写的都可以"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="文件夹", help="写出核算汇总.xlsx 和带批注的副本")
    parser.add_argument("--json", action="store_true", help="在标准输出打印 JSON，此外什么也不打印")


def _add_prefill(commands: Commands) -> None:
    parser = _command(
        commands, "prefill", "读入已有的自评表、决算表、指标支付清单和去年的填报表，写出填好一部分的填报工作簿"
    )
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="文件", help=".xls、.xlsx、.docx、.csv，或放它们的文件夹，可以写多个"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="文件",
        help="写成哪个文件，如 填报.xlsx（--export 时是文件夹）",
    )
    parser.add_argument("--department", default="", metavar="名称", help="部门名称；不写时用材料里写明的")
    parser.add_argument("--year", type=positive, metavar="年度", help="评价年度；不写时用材料里写明的")
    parser.add_argument("--regulation", default="", metavar="编号", help="指标体系（perfeval regulation list 列出）")
    parser.add_argument(
        "--kind", default="", choices=("部门整体", "项目支出"), metavar="类型", help="部门整体 或 项目支出"
    )
    parser.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出读入了什么、没有读入什么")
    parser.add_argument(
        "--export",
        choices=("一体化",),
        metavar="格式",
        help="反过来：把结果文件夹里各项目的指标写成一体化系统的导入表（格式只有“一体化”）",
    )


def _add_template(commands: Commands) -> None:
    parser = _command(commands, "template", "写出空白的填报工作簿或 Word 模板")
    parser.add_argument("-o", "--output", type=Path, default=Path(), metavar="文件夹", help="放在哪里，默认当前文件夹")
    parser.add_argument(
        "--roster", action="store_true", help="写出空白的报送名册（部门、收件人、抄送、截止日期、曾用名）"
    )
    parser.add_argument(
        "--regulation",
        metavar="编号",
        help="按哪个指标体系预填：编号（perfeval regulation list 列出）或文件夹；不写的不替单位选指标体系",
    )
    parser.add_argument("--year", type=positive, metavar="年度", help="预填评价年度")
    parser.add_argument(
        "--report", action="store_true", help="写出两个 Word 模板，可在 Word 中修改后用 --template 使用"
    )
    parser.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")


def _add_explain(commands: Commands) -> None:
    parser = _command(commands, "explain", "说明一个问题编号：是什么、为什么问、怎么改")
    parser.add_argument("code", nargs="?", metavar="编号", help="如 INDICATOR_003")
    parser.add_argument("--all", action="store_true", help="列出全部编号")


def _add_regulation(commands: Commands) -> None:
    parser = commands.add_parser("regulation", help="查看指标体系", description="查看指标体系")
    actions = parser.add_subparsers(title="命令", metavar="命令", required=True)
    listing = _command(actions, "list", "列出可用的指标体系", "regulation")
    showing = _command(actions, "show", "显示一个指标体系：分值、方法、条款、核定状态", "regulation")
    showing.add_argument("id", metavar="编号", help="编号或文件夹")
    linting = _command(actions, "lint", "核对自己的指标体系文件夹：逐处说明问题", "regulation")
    linting.add_argument("folder", type=Path, metavar="文件夹")
    differing = _command(actions, "diff", "比较两个指标体系：哪些规则不同", "regulation")
    differing.add_argument("old", metavar="原来的", help="编号或文件夹")
    differing.add_argument("new", metavar="新的", help="编号或文件夹")
    asking = _command(actions, "whatif", "新的指标体系发布之前：谁的总分或等级会变，因为哪一项", "regulation")
    asking.add_argument("old", metavar="原来的", help="编号或文件夹")
    asking.add_argument("new", metavar="新的", help="编号或文件夹")
    asking.add_argument("paths", nargs="+", type=Path, metavar="工作簿或文件夹", help="可以写多个")
    asking.add_argument(
        "--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时处理的工作簿数，默认为处理器核数"
    )
    asking.add_argument("--json", action="store_true", help="以 JSON 输出结果")
    making = _command(actions, "new", "照一个现有的指标体系写出本县自己的：没有写明的逐项询问", "regulation")
    making.add_argument(
        "-o", "--output", type=Path, required=True, metavar="文件夹", help="指标体系放在哪里，要是新的文件夹"
    )
    making.add_argument("--county", metavar="县名", help="行政区划全称，如 某省某市青禾县")
    making.add_argument("--document", metavar="文件名称", help="如 青禾县部门整体绩效评价办法")
    making.add_argument("--number", metavar="文号", help="还没有的写 无")
    making.add_argument("--year", metavar="年度", help="从哪个评价年度起用，如 2026")
    making.add_argument("--base", metavar="编号", help="从哪一个指标体系改起（perfeval regulation list 列出）")
    exporting = _command(actions, "export", "把一个指标体系写成可以在 Excel 或 WPS 里修改的工作簿", "regulation")
    exporting.add_argument("id", metavar="编号", help="编号或文件夹")
    exporting.add_argument("-o", "--output", type=Path, required=True, metavar="文件", help="如 指标体系.xlsx")
    importing = _command(actions, "import", "把改好的工作簿变成指标体系文件夹", "regulation")
    importing.add_argument("workbook", type=Path, metavar="工作簿")
    importing.add_argument("-o", "--output", type=Path, required=True, metavar="文件夹", help="指标体系放在哪里")
    for sub in (listing, showing, differing, asking, making, exporting, importing):
        sub.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")


def _add_exchange(commands: Commands) -> None:
    packing = _command(commands, "pack", "把结果连同填报工作簿、指标体系打成可以自证的归档包")
    packing.add_argument("path", nargs="?", type=Path, metavar="结果文件夹", help="output，或其中一个部门的文件夹")
    packing.add_argument(
        "-o", "--output", type=Path, metavar="文件夹", help="归档包放在哪里；每个包旁边另写它的校验值（.sha256）"
    )
    packing.add_argument(
        "--input",
        type=Path,
        action="append",
        metavar="文件夹",
        help=f"原来的填报工作簿在哪里，默认 {DEFAULT_INPUT}，可写多次",
    )
    packing.add_argument(
        "--template",
        type=Path,
        action="append",
        default=[],
        metavar="文件",
        help="出结果时用的自己的 Word 模板，可写多次",
    )
    packing.add_argument("--regulations", type=Path, metavar="文件夹", help="出结果时用的本地指标体系文件夹")
    packing.add_argument("--previous", type=Path, metavar="文件夹", help="出结果时用的上一年度文件夹")
    packing.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时读取的工作簿数")
    packing.add_argument("--sign", type=Path, metavar="私钥", help="用这把 Ed25519 私钥签名，写在包旁边（.sig）")
    packing.add_argument(
        "--new-key", type=Path, metavar="文件", help="不打包，只做一对签名用的钥匙：私钥写在这里，公钥写在旁边（.pub）"
    )
    verifying = _command(commands, "verify", "不联网重新核算归档包：一致，或者逐份说出哪里不同、什么没有证明")
    verifying.add_argument(
        "packages", nargs="+", type=Path, metavar="归档包", help="pack 写出的 .zip，或放它们的文件夹，可写多个"
    )
    verifying.add_argument(
        "--template",
        type=Path,
        action="append",
        default=[],
        metavar="文件",
        help="包里那份自己的 Word 模板，可写多次；不认识的模板不打开",
    )
    verifying.add_argument(
        "--sha256",
        action="append",
        default=[],
        metavar="校验值",
        help="打包时印出的校验值；或者打包时写出、另外保存的 .sha256 文件，或放它们的文件夹，可写多次",
    )
    verifying.add_argument("--key", type=Path, metavar="公钥", help="核对包旁边的签名（.sig）是不是这把 Ed25519 公钥的")
    verifying.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时核对的包数")


def _add_mail(commands: Commands) -> None:
    packing = _command(commands, "outbox", "把每份结果写成一封待发的邮件，放在结果文件夹的“发件箱”里；不发送")
    packing.add_argument(
        "output", nargs="?", type=Path, default=DEFAULT_OUTPUT, metavar="结果文件夹", help=f"默认 {DEFAULT_OUTPUT}"
    )
    packing.add_argument(
        "--roster", type=Path, required=True, metavar="名册", help="报送名册（部门、收件人、抄送、截止日期、曾用名）"
    )
    packing.add_argument(
        "--only",
        choices=("reported", "returned"),
        default="",
        help="只写一种：reported 已出报告的，returned 退回修改的；不写时都写",
    )
    packing.add_argument(
        "--settings", type=Path, default=MAIL_SETTINGS, metavar="文件", help=f"退回信的落款，默认 {MAIL_SETTINGS}"
    )
    packing.add_argument("--example", type=Path, metavar="名册", help="还没有名册、只有示例结果时，用这份示例名册演示")
    sending = _command(commands, "send", "发送“发件箱”里的邮件；不写 --really 时只列出将要发什么，不连接服务器")
    sending.add_argument(
        "output", nargs="?", type=Path, default=DEFAULT_OUTPUT, metavar="结果文件夹", help=f"默认 {DEFAULT_OUTPUT}"
    )
    sending.add_argument(
        "--settings", type=Path, default=MAIL_SETTINGS, metavar="文件", help=f"寄信设置，默认 {MAIL_SETTINGS}"
    )
    wanted = sending.add_mutually_exclusive_group()
    wanted.add_argument("--dry-run", action="store_true", help="只列出将要发什么（不写时就是这样）")
    wanted.add_argument("--really", action="store_true", help="真的发送")
    wanted.add_argument(
        "--mark-sent", nargs="+", default=[], metavar="邮件", help="已核对对方收到，或已手工发出：记为发出，不再发"
    )
    wanted.add_argument("--again", nargs="+", default=[], metavar="邮件", help="已核对对方没有收到：下次发送时再发一次")
    reviewing = _command(commands, "review", "读回复核过的评分表，写出复核意见表和复核汇总")
    reviewing.add_argument("folder", type=Path, metavar="复核文件夹", help="放着填好复核得分、复核意见的评分表")
    reviewing.add_argument(
        "-o",
        "--output",
        type=Path,
        default=DEFAULT_OUTPUT,
        metavar="文件夹",
        help=f"出结果的文件夹，默认 {DEFAULT_OUTPUT}",
    )
    reviewing.add_argument(
        "--input",
        type=Path,
        action="append",
        default=[],
        metavar="文件夹",
        help="原来的填报工作簿在哪里，可写多次；写了就另出标好复核意见的工作簿（复核退回.xlsx），退给部门改",
    )
    reviewing.add_argument("--regulations", type=Path, metavar="文件夹", help="本地的指标体系文件夹")
    reviewing.add_argument("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="同时读取的工作簿数")
    sampling = _command(commands, "sample", "按风险抽取要复核的部门，写明每家的理由；同样的种子总抽出同样的部门")
    sampling.add_argument("output", type=Path, metavar="结果文件夹", help="出结果的文件夹，如 output")
    sampling.add_argument("--share", default="20%", metavar="比例", help="抽多少，如 20%%")
    sampling.add_argument(
        "--seed", type=seed, required=True, metavar="N", help="随机种子：任取一个整数，记下来可以重现"
    )
