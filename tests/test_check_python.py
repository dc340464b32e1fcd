"""A machine that lacks what the pinned packages need is refused in one line, at first."""

from __future__ import annotations

import os
import platform
import runpy
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from support.settings import ROOT
from tests.interpreters import interpreters, version_of

CHECK = ROOT / "check_python.py"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
WANTED = "Python 3.11, 3.12 or 3.13 is needed; seen: "


def refusal() -> str:
    """Runs the check in this process. Returns its line; empty when it refuses nothing."""
    try:
        runpy.run_path(str(CHECK))
    except SystemExit as refused:
        assert isinstance(refused.code, str)
        assert "\n" not in refused.code
        return refused.code
    return ""


@pytest.fixture
def aarch64(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the programs and headers of an aarch64 machine, which has none yet."""
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    monkeypatch.setattr(sysconfig, "get_paths", lambda: {"include": str(tmp_path)})
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CC", "some-cc -pthread")
    return tmp_path


@pytest.mark.parametrize(("version", "python"), sorted(interpreters().items()))
def test_every_python_of_this_machine_is_accepted_or_refused_in_one_line(
    version: str, python: str
) -> None:
    done = subprocess.run([python, CHECK], capture_output=True, text=True, timeout=60)
    if version_of(version)[:2] in SUPPORTED:
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"{WANTED}{version}. ")
        assert done.stderr.endswith("Next: make PYTHON=/path/to/python3.13\n")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("version", [(3, 14, 0), (3, 15, 2), (4, 0, 0)])
def test_a_newer_python_is_refused_with_the_finding(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    line = refusal()
    assert line.startswith(WANTED + ".".join(map(str, version)))
    assert "can lose a single broker for good (README.md, Findings)" in line
    (pinned,) = (
        each
        for each in (ROOT / "requirements.txt").read_text().split()
        if "confluent-kafka" in each
    )
    assert f"The pinned {pinned.replace('==', ' ')} has no wheel" in line


def test_a_python_that_is_not_cpython_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "python_implementation", lambda: "PyPy")
    assert refusal().startswith(f"{WANTED}PyPy 3.")


def test_a_python_without_a_global_lock_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: int(name == "Py_GIL_DISABLED"))
    assert "without a global lock. The pinned packages have wheels only for" in refusal()


def test_aarch64_needs_a_compiler_and_headers(aarch64: Path) -> None:
    missing = f"Not found: the C compiler some-cc and {aarch64}/Python.h. Next, on Debian:"
    assert refusal().startswith("hdrhistogram has no wheel for aarch64, so pip has to compile it.")
    assert missing in refusal()
    (aarch64 / "some-cc").touch(0o755)
    assert f"Not found: {aarch64}/Python.h. Next" in refusal()
    (aarch64 / "Python.h").touch()
    assert refusal() == ""


def test_another_machine_needs_no_compiler(aarch64: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert refusal() == ""


def test_make_refuses_before_it_makes_anything(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    files = ("Makefile", "check_python.py", "requirements.txt", "constraints.txt")
    for name in files:
        shutil.copy(ROOT / name, clone)
    program = "import runpy, sys; sys.version_info = (3, 14, 0); runpy.run_path(sys.argv[1])"
    python = tmp_path / "python3.14"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{program}" "$@"\n')
    python.chmod(0o755)
    # A make that runs this test would make this one print its folder.
    own = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "setup", f"PYTHON={python}"]
    done = subprocess.run(command, cwd=clone, env=own, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{WANTED}3.14.0. ")
    assert sorted(path.name for path in clone.iterdir()) == sorted(files)
