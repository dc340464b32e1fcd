"""Versions are chosen by a setting each; pairs that can't work are refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from support.errors import SettingsError, StackError
from support.progress import Progress
from support.settings import ROOT, Settings
from support.settings.versions import POSTGRES_VERSIONS, version_number
from support.stack.artefacts.files import fetch_stack_files
from support.stack.artefacts.lockfile import FOLDER
from support.stack.artefacts.pairs import check_pair
from support.stack.embedded.launcher import EmbeddedLauncher
from support.stack.embedded.postgres import INSTALLED
from support.stack.embedded.tool_flags import current_flags
from support.stack.embedded.versions import check_versions, chosen_versions

PORTS = dict.fromkeys(
    ("kafka", "controller", "jmx", "connect", "postgres", "relayed", "relay", "kafka_ui"), 9
)


def quiet() -> Progress:
    return Progress(io.StringIO())


@pytest.mark.parametrize(
    ("kafka", "debezium", "works"),
    [
        ("3.6.1", "2.5.4.Final", True),
        ("3.9.2", "2.5.4.Final", True),
        ("4.0.2", "2.5.4.Final", False),
        ("4.0.2", "2.6.1.Final", False),
        ("4.0.2", "2.6.2.Final", True),
        ("4.0.2", "3.2.0.Final", True),
        ("4.3.1", "2.7.4.Final", True),
        ("4.4.0", "3.7.0.Final", True),
    ],
)
def test_a_pair_whose_slot_is_never_confirmed_is_refused(
    kafka: str, debezium: str, works: bool
) -> None:
    if works:
        check_pair(kafka, debezium)
        return
    with pytest.raises(SettingsError) as refused:
        check_pair(kafka, debezium)
    message = str(refused.value)
    assert message.startswith(f"Debezium {debezium} does not work on Kafka Connect {kafka}")
    assert "commitRecord" in message
    assert "-D allow_broken_pair=yes" in message


def test_a_broken_pair_is_refused_before_anything_is_fetched_and_allowed_on_request(
    tmp_path: Path,
) -> None:
    # Nothing answers there: whoever gets that far fails with another error.
    given = {"kafka_version": "4.3.1", "cache": str(tmp_path), "maven_mirror": "http://127.0.0.1:9"}
    with pytest.raises(SettingsError, match="does not work on Kafka Connect"):
        fetch_stack_files(Settings.load(given, {}), quiet())
    assert list(tmp_path.iterdir()) == []
    allowed = Settings.load({**given, "allow_broken_pair": "yes"}, {})
    with pytest.raises(StackError, match="could not be downloaded"):
        fetch_stack_files(allowed, quiet())


def test_the_readme_lists_the_versions_with_a_lock() -> None:
    readme = (ROOT / "README.md").read_text()
    for part in ("kafka", "debezium"):
        versions = [path.stem.removeprefix(f"{part}-") for path in FOLDER.glob(f"{part}-*.json")]
        listed = ", ".join(sorted(versions, key=version_number))
        assert f"| `{part}_version` | {listed} |" in readme
    assert f"| `postgres_version` | {', '.join(POSTGRES_VERSIONS)} |" in readme
    assert tuple(INSTALLED) == POSTGRES_VERSIONS


@pytest.mark.parametrize(
    ("version", "named"),
    [
        ("3.6.1", ["--producer-props", "acks=all", "--messages", "5"]),
        ("4.1.2", ["--producer-props", "acks=all", "--messages", "5"]),
        ("4.2.0", ["--command-property", "acks=all", "--num-records", "5"]),
        ("5.0.0", ["--command-property", "acks=all", "--num-records", "5"]),
    ],
)
def test_the_tools_get_the_options_of_their_version(version: str, named: list[str]) -> None:
    assert current_flags(["--producer-props", "acks=all", "--messages", "5"], version) == named


def test_debezium_is_named_with_or_without_final() -> None:
    for given in ("3.6.1", "3.6.1.Final"):
        assert Settings.load({"debezium_version": given}, {}).debezium_version == "3.6.1.Final"
    for other in ("3.7.0.Alpha1", "main"):
        assert Settings.load({"debezium_version": other}, {}).debezium_version == other


def test_a_stack_left_running_with_another_version_is_refused_by_that_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "home", property(lambda _: tmp_path))
    up = EmbeddedLauncher(Settings.load({}, {}), quiet())
    up.state_file.write(PORTS, (), **chosen_versions(up.settings))
    run = EmbeddedLauncher(Settings.load({"postgres_version": "18"}, {}), quiet())
    with pytest.raises(StackError) as refused:
        run.start()
    assert str(refused.value).startswith(
        "The stack that `make up` left running has PostgreSQL 16, and this run asks for "
        "PostgreSQL 18."
    )
    assert "-D postgres_version=16" in str(refused.value)
    assert up.state_file.read() is not None
    assert run.outlives_run


def test_a_state_file_without_versions_is_not_judged_by_them() -> None:
    check_versions({}, chosen_versions(Settings.load({}, {})))
