"""Every fault of the keys a regulation brings of its own: file, key, what is there, what is expected."""

from pathlib import Path

import pytest
from own_data import one_leaf

from perfeval.errors import RegulationError
from perfeval.rules.load import load_folder

SOUND = (
    'method = "step_deduct"\ninputs = { value = "n" }\nparameters = { limit = 1, side = "over", per = 1, points = 1, '
    'counting = "whole" }'
)
N = '{ key = "n", label = "个数", kind = "count" }'
RATE = 'facts = [{ key = "r", label = "率", formula = "staff / posts", kind = "rate" }]\n'
CRITERIA = (
    'method = "criteria"\nparameters = { mode = "add", criteria = [{ text = "甲", points = 2 }, '
    '{ text = "乙", points = 3 }] }'
)
TWO = (
    'method = "one_of"\nalternatives = [{ method = "accumulate", inputs = { count = "n" }, '
    "parameters = { points_per_case = 1 } }, "
    '{ method = "yes_no", inputs = { value = "n" }, parameters = { at_least = 1 } }]'
)
CAP = '[[caps]]\non = "total"\nat_most = 89\nwhen = { input = "execution_rate", from = 0.7, below = 0.8 }\n'


def inputs(*rows: str) -> str:
    return f"inputs = [{', '.join(rows)}]\n"


# leaf, what stands before the items → key, what is there, what is expected; each a part of the one line
FAULTS: dict[str, tuple[str, str, str, str, str]] = {
    "a kind there is none of": (SOUND, inputs('{ key = "n", label = "个数", kind = "percent" }'),
        "inputs n 的 kind", "percent", "amount"),
    "no label": (SOUND, inputs('{ key = "n", kind = "count" }'), "inputs n 的 label", "没有填", "一段文字"),
    "a key of two words": (SOUND, inputs(N, '{ key = "a b", label = "乙", kind = "count" }'), "的 key", "a b", "名称"),
    "a key twice": (SOUND, inputs(N, '{ key = "n", label = "乙", kind = "count" }'), "inputs n 的 key", "重复", "没有用过"),
    "a label twice": (SOUND, inputs(N, '{ key = "m", label = "个数", kind = "count" }'), "inputs m 的 label", "个数",
        "没有用过"),
    "a misspelt key": (SOUND, inputs('{ key = "n", label = "个数", kind = "count", requierd = true }'),
        "requierd", "是否为 required", ""),
    "points rescaled where they are taken away": (CRITERIA.replace('"add"', '"deduct", na = "rescale"'), "",
        "items L 的 parameters.na", "rescale", "不写"),
    "required in words": (SOUND, inputs('{ key = "n", label = "个数", kind = "count", required = "是" }'),
        "inputs n 的 required", "是", "true"),
    "a fact named as an input": (
        SOUND, inputs(N) + 'facts = [{ key = "n", label = "率", formula = "staff / posts", kind = "rate" }]\n',
        "facts n 的 key", "与一个 inputs 重复", "没有用过",
    ),
    "printed to half a decimal": (
        SOUND, inputs(N) + RATE.replace('kind = "rate"', 'kind = "rate", printed = 1.5'), "facts r 的 printed",
        "1.5", "0 到 10 的整数",
    ),
    "a word for a divisor of 0": (
        SOUND, inputs(N) + RATE.replace('kind = "rate"', 'kind = "rate", when_divisor_zero = "zero"'),
        "when_divisor_zero", "zero", "一个数",
    ),
    "a name there is none of": (SOUND.replace('"n"', '"m"'), inputs(N), "items L 的 inputs.value", "没有的数据名“m”", ""),
    "a date to score": (
        SOUND.replace('"n"', '"d"'), inputs('{ key = "d", label = "日", kind = "date" }'),
        "items L 的 inputs.value", "日期", "可以计分的数",
    ),
    "a side there is none of": (SOUND.replace("over", "above"), inputs(N), "items L 的 parameters.side", "above",
        "over、under、both"),
    "a reading there is none of": (SOUND.replace("whole", "half"), inputs(N), "items L 的 parameters.counting",
        "half", "whole、begun"),
    "a reading left out": (SOUND.replace(', counting = "whole"', ""), inputs(N),
        "items L 的 parameters.counting", "没有填", "step_deduct"),
    "steps of nothing": (SOUND.replace("per = 1", "per = 0"), inputs(N), "items L 的 parameters.per", "0", "大于 0"),
    "points of nothing": (SOUND.replace("points = 1", "points = -1"), inputs(N), "items L 的 parameters.points",
        "-1", "大于 0"),
    "a relief on the good side": (SOUND.replace("limit = 1", "limit = 1, relief = 0.5"), inputs(N),
        "items L 的 parameters.relief", "0.5", "大于 limit"),
    "per cent as 100": (
        SOUND.replace('"n"', '"r"').replace("limit = 1", "limit = 100"), RATE, "items L 的 parameters.limit",
        "100", "0.10 就是 10%",
    ),
    "criteria that do not add up": (CRITERIA.replace("points = 3", "points = 2"), "",
        "parameters.criteria 的各 points", "相加是 4", "分值 5"),
    "criteria that take too little": (
        CRITERIA.replace("points = 3", "points = 2").replace("add", "deduct"), "",
        "parameters.criteria 的各 points", "相加是 4", "不少于分值 5",
    ),
    "a criterion twice": (CRITERIA.replace("乙", "甲"), "", "parameters.criteria 第 2 个的 text", "甲", "不同的文字"),
    "a criterion without a text": (CRITERIA.replace('text = "甲", ', ""), "", "parameters.criteria 第 1 个",
        "points", "text"),
    "a mode there is none of": (CRITERIA.replace("add", "sum"), "", "items L 的 parameters.mode", "sum", "add、deduct"),
    "a policy there is none of": (CRITERIA.replace('"add"', '"add", na = "zero"'), "",
        "items L 的 parameters.na", "zero", "full、rescale"),
    "one alternative": (TWO.split(", { method")[0] + "]", inputs(N), "items L 的 alternatives", "有 1 种", "至少两种"),
    "an alternative that is declared": (TWO.replace("yes_no", "declared"), inputs(N),
        "alternatives 第 2 个 的 method", "declared", "yes_no"),
    "an alternative without its input": (TWO.replace("count =", "value ="), inputs(N),
        "alternatives 第 1 个 的 inputs.count", "没有填", "accumulate"),
    "alternatives of another method": (SOUND + "\n" + TWO.split("\n")[1], inputs(N), "items L 的 alternatives",
        "有", "one_of"),
    "a cap on nothing": (SOUND, inputs(N) + CAP.replace("total", "Z"), "caps 第 1 个 的 on", "Z", "total，或者一个指标的编号"),
    "a cap above 100": (SOUND, inputs(N) + CAP.replace("89", "101"), "caps 第 1 个 的 at_most", "101", "0 到 100"),
    "a cap of no number": (SOUND, inputs(N) + CAP.replace("execution_rate", "rate"),
        "caps 第 1 个 的 when 的 input", "rate", ""),
    "a cap without bounds": (SOUND, inputs(N) + CAP.replace(", from = 0.7, below = 0.8", ""),
        "caps 第 1 个 的 when", "写了 0 个界限", "from、above"),
    "a word the column cannot hold": (
        SOUND,
        inputs(N) + RATE.replace('"staff / posts"', '\'count_if(projects.目标偏离 = "有")\'').replace('"rate"', '"count"'),
        "facts r 的 formula 第 10 个字", "“有”", "“是”、“否”、“不涉及”",
    ),
    "a scope the column cannot hold": (
        SOUND,
        inputs(N) + RATE.replace('"staff / posts"', '\'sum(projects[项目类型="长年"].执行数)\'').replace('"rate"', '"amount"'),
        "facts r 的 formula 第 14 个字", "“长年”", "“常年”、“阶段”、“一次性”",
    ),
    "a criterion with no text, as it is written": (
        CRITERIA.replace('text = "甲", ', ""), "", "criteria 第 1 个",
        "{ points = 2 }", "text",
    ),
    "a cap that can never hold": (SOUND, inputs(N) + CAP.replace("0.7", "0.9"), "caps 第 1 个 的 when",
        "from 0.9、below 0.8", "小于"),
    "a cap with two lower bounds": (SOUND, inputs(N) + CAP.replace("below", "above"), "caps 第 1 个 的 when",
        "from 0.7、above 0.8", "下限"),
    "a cap of 70 per cent": (SOUND, inputs(N) + CAP.replace("0.7", "70").replace("0.8", "80"),
        "caps 第 1 个 的 when 的 from", "70", "0.10 就是 10%"),
    "shares without a parent that shares": (SOUND + "\nshare = 5", inputs(N), "items L 的 share", "5", "max_points"),
    "shares at the top that do not add up": (SOUND, inputs(N) + 'points = "share"\n', "items L 的 max_points",
        "5", "写 share"),
    "a word for points": (SOUND + '\npoints = "per cent"', inputs(N), "items L 的 points", "per cent", "share"),
    "a word for a column": (SOUND, inputs(N) + 'deduction_column = "是"\n', "deduction_column", "是", "true"),
}  # fmt: skip


@pytest.mark.parametrize(("leaf", "own", "key", "found", "expected"), FAULTS.values(), ids=list(FAULTS))
def test_a_fault_names_file_key_state_and_wish(
    leaf: str, own: str, key: str, found: str, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(RegulationError) as error:
        one_leaf(tmp_path, "部门整体", "5", leaf, own)
    lines = [line for line in str(error.value).splitlines() if key in line]
    assert lines, str(error.value)
    assert lines[0].startswith("某县/regulation.toml：")
    assert found in lines[0]
    assert expected in lines[0]


@pytest.mark.parametrize("leaf", [SOUND, CRITERIA, TWO])
def test_what_is_sound_is_read(leaf: str, tmp_path: Path) -> None:
    assert one_leaf(tmp_path, "部门整体", "5", leaf, inputs(N) + RATE + CAP).item("L").max_points == 5


def test_declared_is_no_method_of_a_project(tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match="项目没有单位自评"):
        one_leaf(tmp_path, "项目支出", "5", 'method = "declared"')


def test_a_regulation_keeps_the_inputs_and_facts_of_the_one_it_extends(tmp_path: Path) -> None:
    """By key: one that stands here too is this one's own."""
    one_leaf(tmp_path, "部门整体", "5", SOUND, inputs(N) + RATE)
    (tmp_path / "某镇").mkdir()
    own = inputs('{ key = "n", label = "次数", kind = "count" }', '{ key = "m", label = "金额", kind = "amount" }')
    text = f'id = "某镇"\nextends = "某县"\ntitle = "某镇"\n{own}'
    (tmp_path / "某镇" / "regulation.toml").write_text(text, encoding="utf-8")
    found = load_folder(tmp_path)["某镇"]
    assert [(asked.key, asked.label) for asked in found.inputs] == [("n", "次数"), ("m", "金额")]
    assert [fact.key for fact in found.facts] == ["r"]


def test_points_in_per_cent_add_up_on_every_level(tmp_path: Path) -> None:
    """25 × 33.3/33.3/33.4 % = 8.33 + 8.33 + 8.34: each is rounded, the last takes the rest."""
    leaf = '[[items]]\nid = "{}"\nname = "{}"\nparent = "{}"\nshare = {}\n{}\n'
    declared = 'method = "declared"\nclause = "待核"\nconfidence = "待核"'
    levels = [("A", "", "50", 'points = "share"'), ("A1", "A", "50", 'points = "share"'), ("A2", "A", "50", declared)]
    levels += [("B", "", "50", declared), ("A11", "A1", "33.3", declared), ("A12", "A1", "33.3", declared)]
    levels.append(("A13", "A1", "33.4", declared))
    items = "".join(leaf.format(i, i, parent, share, rest) for i, parent, share, rest in levels)
    text = f'id = "某县"\nextends = "sichuan-dept-65-35"\ntitle = "某县"\npoints = "share"\n{items}'
    (tmp_path / "某县").mkdir()
    (tmp_path / "某县" / "regulation.toml").write_text(text, encoding="utf-8")
    found = {item.id: str(item.max_points) for item in load_folder(tmp_path)["某县"].items}
    assert found == {
        "A": "50.00", "A1": "25.00", "A11": "8.33", "A12": "8.33", "A13": "8.34", "A2": "25.00", "B": "50.00",
    }  # fmt: skip
