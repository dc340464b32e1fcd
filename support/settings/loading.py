"""Reads settings from `-D` pairs and the environment."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from support.settings.environment import own_environment
from support.settings.overrides import check_known, divided
from support.settings.values import PREFIX, convert


def read_values(
    kind: Any, given: Mapping[str, str], environment: Mapping[str, str] | None
) -> dict[str, Any]:
    """The values of the fields of `kind`, a dataclass, that are set; `overrides` among them.

    `-D` pairs win over the environment. Raises SettingsError for an unknown key and for a value of
    the wrong type.
    """
    env = own_environment() if environment is None else environment
    named = {
        key[len(PREFIX) :].lower(): value for key, value in env.items() if key.startswith(PREFIX)
    }
    settings, overrides = divided(given)
    named |= settings
    check_known(named, [f.name for f in dataclasses.fields(kind) if f.name != "overrides"])
    hints = typing.get_type_hints(kind)
    values = {key: convert(key, text, hints[key]) for key, text in named.items()}
    return {**values, "overrides": overrides}
