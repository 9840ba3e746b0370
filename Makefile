# perfeval：make report 读取 input/ 里的工作簿，结果放在 output/；make help 列出全部用法。
# The recipes use no shell syntax, so that they run under cmd.exe as well as sh.

ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
TOUCH := $(PY) -c "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
EXAMPLE := input_templates/示例_金口河发改_补齐稿.xlsx
ROSTER ?= 报送名册.xlsx

.DEFAULT_GOAL := help
.PHONY: setup report page prefill outbox test lint templates bundle bench mutants help

report: .venv/ready
	@$(PY) -m perfeval report input -o output --returned-ok --example $(EXAMPLE)

prefill: .venv/ready
	@$(PY) -m perfeval prefill input/已有材料 -o 填报.xlsx

page: .venv/ready
	@$(PY) -m perfeval page

outbox: .venv/ready
	@$(PY) -m perfeval outbox output --roster $(ROSTER) --example input_templates/示例_报送名册.xlsx

test: .venv/ready-dev
	@$(PY) -m pytest -n auto

setup: .venv/ready

lint: .venv/ready-dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy perfeval

templates: .venv/ready
	@$(PY) -m perfeval.blank input_templates

bundle: .venv/ready
	@$(PY) -m bundle --python-zip "$(PYTHON_ZIP)" --python-sha256 "$(PYTHON_SHA256)"

bench: .venv/ready
	@$(PY) -m bench

mutants: .venv/ready-dev
	@$(PY) -m bench.mutants

help:
	@$(PYTHON) -c "print('make report     读取 input/ 里的工作簿，结果放在 output/\nmake prefill    读取 input/已有材料/ 里已有的表，写出填好一部分的 填报.xlsx\nmake page       在浏览器里做同样的事：放工作簿、核对、看结果\nmake outbox     把结果写成待发邮件，放在 output/发件箱/，不发送；名册默认 报送名册.xlsx，另用 ROSTER=文件 指定\nmake setup      准备运行环境（.venv）\nmake test       运行全部测试\nmake lint       检查代码风格和类型\nmake templates  重新生成 input_templates/\nmake bundle     做一个不用安装的 Windows 文件夹（PYTHON_ZIP=嵌入版 Python，PYTHON_SHA256=它的校验值）\nmake bench      测速\nmake mutants    抽样改动程序，看测试能否发现（很慢，CI 不运行）\nmake help       显示这份说明')"

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.version_info >= (3, 11) or sys.exit('需要 Python 3.11 或更新的版本，现在是 ' + sys.version.split()[0])"
	@$(PYTHON) -c "print('正在准备运行环境，第一次需要几分钟……')"
	@$(PYTHON) -m venv .venv
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps -e .
	@$(TOUCH) $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(PIP) install -r requirements-dev.lock
	@$(TOUCH) $@
