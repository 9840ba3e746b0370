@echo off
chcp 65001 >nul
title 绩效自评
cd /d "%~dp0"
set PYTHONUTF8=1
set PYTHONPATH=
if not exist "python\python.exe" (
  echo 找不到程序：这个文件夹里没有 python\python.exe。
  echo 改法：请把整个文件夹重新解压一遍，不要只复制其中一部分；杀毒软件隔离了的，请恢复它。
  pause
  exit /b 1
)
echo 正在打开。请不要关闭这个窗口；用完以后在页面的“帮助”里点“退出”。
"python\python.exe" -m perfeval page --folder "%~dp0."
if errorlevel 1 (
  echo.
  echo 没有打开。请把上面的话拍下来，发给给您这个文件夹的人。
  pause
)
