#!/bin/sh
# macOS
cd "$(dirname "$0")" || exit 1
PYTHON=python/bin/python3
[ -x "$PYTHON" ] || PYTHON=$(command -v python3)
if [ -z "$PYTHON" ]; then
  echo "找不到 Python。改法：请先安装 Python 3.11 或更新的版本，再打开一次。"
  read -r _
  exit 1
fi
echo "正在打开。请不要关闭这个窗口；用完以后在页面的“帮助”里点“退出”。"
PYTHONUTF8=1 PYTHONPATH=python/Lib/site-packages "$PYTHON" -m perfeval page --folder . || {
  echo "没有打开。请把上面的话拍下来，发给给您这个文件夹的人。"
  read -r _
}
