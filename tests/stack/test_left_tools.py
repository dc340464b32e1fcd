"""A file with secrets that a killed run left does not survive the next command."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

import check_stack
from support.errors import StackError
from support.progress import Progress
from support.runlock import RunLock
from support.settings import Settings
from support.stack.__main__ import _clean_remote
from support.stack.attached.choose import attach

HERE = {
    "target": "attach",
    "bootstrap": "127.0.0.1:9",
    "connect": "http://127.0.0.1:9",
    "database": "postgresql://cdc@127.0.0.1:9/app?connect_timeout=2",
}


@pytest.fixture
def left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the file with secrets of a killed run."""
    monkeypatch.setattr(Settings, "home", tmp_path)
    file = tmp_path / "attach" / "tools.properties"
    file.parent.mkdir()
    file.write_text("sasl.jaas.config=S3cret")
    return file


def clean_remote() -> None:
    with pytest.raises(StackError):
        _clean_remote(Settings.load(HERE, {}), Progress(io.StringIO()))


def read_only_run() -> None:
    settings = Settings.load({**HERE, "read_only": "yes"}, {})
    with pytest.raises(StackError):
        attach(settings, Progress(io.StringIO())).start()


def look_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StackError("no look")

    monkeypatch.setattr(check_stack, "look", fail)
    with pytest.raises(StackError, match="no look"):
        check_stack.check(Settings.load(HERE, {}))


@pytest.mark.parametrize("command", [clean_remote, read_only_run])
def test_it_is_removed_though_the_stack_does_not_answer(
    left: Path, command: Callable[[], None]
) -> None:
    command()
    assert not left.exists()


def test_check_stack_removes_it(left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look_only(monkeypatch)
    assert not left.exists()


def test_check_stack_leaves_the_file_of_an_active_run(
    left: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = RunLock(left.parent.parent)
    lock.take()
    look_only(monkeypatch)
    assert left.exists()
    lock.release()
