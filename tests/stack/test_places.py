"""A folder's name works in everything that another program reads, or is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.errors import SettingsError
from support.java_properties import read_properties, write_properties
from support.settings import Settings
from support.stack.embedded.broker import BrokerSite, EmbeddedBroker
from support.stack.embedded.jvm import Jvm
from support.stack.places import (
    OF_CACHE,
    OF_MOUNTS,
    OF_WHEELS,
    check_name,
    check_places,
)

NAMES = ("prüfung", "my project, v2", "a#b%c;d&e'f(g)h*i?[j]{k}~l@m+n=o^p|q<r>s", "日本 😀", "!x")


@pytest.mark.parametrize("name", NAMES)
def test_the_broker_is_told_no_part_of_the_clone_s_path(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name / ".stack" / "broker"
    jvm = Jvm(Path("/java"), (Path("/cache/a.jar"),), Path("/cache/agent.jar"))
    broker = EmbeddedBroker(BrokerSite("broker", folder, 1, 2, "1g"), jvm, {}, tmp_path)
    written = tmp_path / "server.properties"
    write_properties(written, broker._own_properties())
    assert read_properties(written)["log.dirs"] == "data"
    recipe = broker.process.recipe
    assert (recipe.folder / "data").resolve() == broker.data.resolve()
    assert not any(name in argument for argument in recipe.command)


@pytest.mark.parametrize("name", NAMES)
def test_any_printable_name_of_the_clone_is_taken(name: str) -> None:
    check_name(Path("/home/me") / name, "the clone", {}, "move it")


@pytest.mark.parametrize(
    ("meanings", "name"),
    [(OF_CACHE, f"a{character}b") for character in ":,=!"]
    + [(OF_WHEELS, f"a{character}b") for character in '"$`\\']
    + [(OF_MOUNTS, "a:b"), ({}, "a\nb"), ({}, "a\tb"), ({}, "pr\udcfcfung")],
)
def test_what_can_not_be_escaped_is_refused_by_name(meanings: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match="folder of the clone") as refused:
        check_name(Path("/home/me") / name, "the clone", meanings, "move it")
    str(refused.value).encode()
    assert "move it" in str(refused.value)


def test_the_folder_of_downloads_is_checked_for_the_target(tmp_path: Path) -> None:
    check_places(Settings.load({"cache": str(tmp_path / "prüfung x")}, {}))
    with pytest.raises(SettingsError, match="Java's class path"):
        check_places(Settings.load({"cache": str(tmp_path / "a:b")}, {}))
    with pytest.raises(SettingsError, match="Docker's description of a mount"):
        check_places(Settings.load({"cache": str(tmp_path / "a:b"), "target": "compose"}, {}))
    check_places(Settings.load({"cache": str(tmp_path / "a:b"), "target": "attach"}, {}))


def test_folders_are_the_same_wherever_a_program_works() -> None:
    settings = Settings.load({"cache": "here", "reports": "there"}, {})
    assert settings.cache == Path.cwd() / "here"
    assert settings.reports == Path.cwd() / "there"
