"""Keys: which is a setting, which overrides a line of the baseline, and which is neither."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from support.errors import SettingsError

PARTS = ("broker", "topic", "connector", "worker", "producer", "consumer")
"""The parts of the baseline: the prefixes of keys that override one of its lines."""

OF_ALLURE = "AllureFormatter"
"""The prefix of behave's settings for the Allure formatter."""

Overrides = dict[str, dict[str, str]]
"""Part -> key -> value."""


def divided(given: Mapping[str, str]) -> tuple[dict[str, str], Overrides]:
    """The pairs of `-D`, divided into settings and overrides. Those of Allure are left out."""
    named: dict[str, str] = {}
    overrides: Overrides = {}
    for key, value in given.items():
        part, dot, name = key.partition(".")
        if dot and part in PARTS and name:
            overrides.setdefault(part, {})[name] = value
        elif part != OF_ALLURE:
            named[key] = value
    return named, overrides


def check_known(keys: Collection[str], known: Collection[str]) -> None:
    """Raises SettingsError for a key that is no setting, with the nearest known one."""
    for key in keys:
        if key not in known:
            raise _unknown(key, list(known))


def _unknown(key: str, known: list[str]) -> SettingsError:
    part, dot, _ = key.partition(".")
    names = [f"{p}.KEY" for p in PARTS] if dot else known
    near = difflib.get_close_matches(key, known, 1, 0.5) or [
        f"{p}.{key[len(part) + 1 :]}" for p in difflib.get_close_matches(part, PARTS, 1, 0.5) if dot
    ]
    return SettingsError(
        f"There is no setting '{key}'.",
        wanted=", ".join(names),
        then=f"did you mean -D {near[0]}=...?" if near else "see Settings in README.md",
    )
