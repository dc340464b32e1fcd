"""The place of each setting in a stack file: a table, and a key in it.

A setting about a part of a stack has its name without the part's (`kafka_ui_user` is `user` in
`[kafka_ui]`), every other one has its own name in `[run]`. The exceptions are in RENAMED.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

RUN = "run"
OVERRIDE = "override"
"""Table whose subtables, such as `[override.topic]`, override lines of the baseline."""

BY_PREFIX = ("kafka_ui", "kafka", "connect", "postgres")
"""Parts of a stack, longest name first: prefixes of settings."""

TABLES = (*BY_PREFIX, "containers", RUN, OVERRIDE)

RENAMED: Mapping[str, tuple[str, str]] = {
    "bootstrap": ("kafka", "bootstrap"),
    "client_config": ("kafka", "client_config"),
    "connect": ("connect", "url"),
    "worker_config": ("connect", "worker_config"),
    "team_connector": ("connect", "team_connector"),
    "database": ("postgres", "uri"),
    "kafka_ui": ("kafka_ui", "url"),
    "kafka_container": ("containers", "kafka"),
    "connect_container": ("containers", "connect"),
    "postgres_container": ("containers", "postgres"),
    "allow_destructive": ("containers", "allow_destructive"),
}

OF_OUR_OWN = ("_image", "_version", "_heap", "_port", "_jar")
"""Suffixes of settings about a stack that the suite starts: they are in `[run]`."""

NOT_IN_A_FILE = ("stack", "overrides")
"""Settings for the file itself, and for what the table `[override]` contains."""


def place_of(setting: str) -> tuple[str, str]:
    """Returns the table and the key of a setting."""
    if setting in RENAMED:
        return RENAMED[setting]
    for part in BY_PREFIX:
        if setting.startswith(f"{part}_") and not setting.endswith(OF_OUR_OWN):
            return part, setting.removeprefix(f"{part}_")
    return RUN, setting


def settings_by_place(settings: Collection[str]) -> dict[tuple[str, str], str]:
    """Returns table and key -> setting, for every setting that a file can contain."""
    return {place_of(each): each for each in settings if each not in NOT_IN_A_FILE}
