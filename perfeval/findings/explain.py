"""The page of one finding: what it means, why it is asked, how to correct it, an example."""

from difflib import get_close_matches

from perfeval.errors import UsageError
from perfeval.findings.catalogue import Entry, catalogue
from perfeval.findings.finding import SEVERITY_NAMES
from perfeval.model.names import plain_signs


def explain(code: str) -> str:
    """The page of `code`, in any case and width. Raises UsageError naming the nearest codes where there is none."""
    code = plain_signs(code).strip()
    entry = catalogue().get(code.upper())
    if entry is None:
        near = get_close_matches(code.upper(), catalogue(), n=3, cutoff=0.5)
        hint = f"相近的编号有：{'、'.join(near)}。" if near else "全部编号用 perfeval explain --all 列出。"
        raise UsageError(f"没有编号为“{code}”的问题。", hint)
    return "\n".join(
        [
            f"{entry.code}　{entry.title}　（{SEVERITY_NAMES[entry.severity]}）",
            "",
            entry.meaning,
            "",
            f"例：{entry.example}",
        ]
    )


def list_codes() -> str:
    """Every code with its severity and title, a line each."""
    return "\n".join(_line(entry) for entry in catalogue().values())


def _line(entry: Entry) -> str:
    return f"{entry.code}\t{SEVERITY_NAMES[entry.severity]}\t{entry.title}"
