"""Pages from templates that escape whatever is put into them."""

import io
import json
import platform
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from perfeval import __version__
from perfeval.model.status import IGNORED, STATUS_NAMES
from perfeval.output.state import Json

EXPLAINED = {
    "执行率": "执行数 ÷ 调整后预算数。",
    "结余率": "（调整后预算 − 执行 − 收回或注销）÷ 调整后预算。",
    "压减率": "（上年 − 本年）÷ 上年。",
    "退回修改": "有错误的工作簿原样退回，错的格子标了颜色，“问题清单”里写着每一处怎样改。",
    "疑点": "不一定错，请改正，或者在说明、原因栏里写明情况；写了真的说明就不再问。",
    "提示": "告诉您程序怎样读的，不用处理。",
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("perfeval.page"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals["link"] = lambda path, **values: f"{path}?{urlencode(values)}"
    environment.globals["status_names"] = {s: name for s, name in STATUS_NAMES.items() if s != IGNORED}
    return environment


def page(name: str, **values: Any) -> str:
    """One screen as HTML."""
    return _environment().get_template(f"{name}.html").render(**values)


def support_bundle(log: bytes, record: Json) -> bytes:
    """What a maintainer needs, and no names or figures: the log, versions, how many of what."""
    facts = {
        "perfeval": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": record.get("versions", {}),
        "counts": record.get("counts", {}),
    }
    return zipped({"日志.txt": log, "版本.json": json.dumps(facts, ensure_ascii=False, indent=1).encode()})


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Several files as one that can be downloaded."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in contents.items():
            parts.writestr(name, content)
    return packed.getvalue()
