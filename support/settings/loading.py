"""Reads settings from `-D` pairs, the environment and a stack file."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from support.progress import Progress
from support.settings.environment import own_environment
from support.settings.overrides import Overrides, check_known, divided
from support.settings.stack_file import StackFile, read_stack_file
from support.settings.values import PREFIX, convert, path_of

ADDRESSES = ("bootstrap", "connect", "database")
"""Settings that only a stack of others has: a file with one of them is about such a stack."""


def read_values(
    kind: Any, given: Mapping[str, str], environment: Mapping[str, str] | None
) -> dict[str, Any]:
    """The values of the fields of `kind`, a dataclass, that are set; `overrides` among them.

    `-D` pairs win over the environment, and both over the stack file that one of them names. Raises
    SettingsError for an unknown key and for a value of the wrong type.
    """
    env = own_environment() if environment is None else environment
    named = {
        key[len(PREFIX) :].lower(): value for key, value in env.items() if key.startswith(PREFIX)
    }
    settings, overrides = divided(given)
    named |= settings
    hints = typing.get_type_hints(kind)
    known = [f.name for f in dataclasses.fields(kind) if f.name != "overrides"]
    check_known(named, known)
    if not named.get("stack", "").strip():
        named.pop("stack", None)
    file = _stack_file(named.get("stack", ""), {key: hints[key] for key in known}, env)
    texts = {**file.values, **named}
    values = {key: convert(key, text, hints[key]) for key, text in texts.items()}
    return {**values, "overrides": _merged(file.overrides, overrides)}


def _stack_file(path: str, hints: Mapping[str, Any], env: Mapping[str, str]) -> StackFile:
    """The content of the stack file; empty without one. A warning is printed."""
    if not path:
        return StackFile({}, {})
    file = read_stack_file(path_of(path, "The setting stack"), hints, env)
    if file.warning:
        Progress().say(file.warning)
    if any(file.values.get(key) for key in ADDRESSES):
        return StackFile({"target": "attach", **file.values}, file.overrides)
    return file


def _merged(file: Overrides, given: Overrides) -> Overrides:
    return {part: {**file.get(part, {}), **given.get(part, {})} for part in {**file, **given}}
