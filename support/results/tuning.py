"""What a sweep of settings found, as reports/tuning.json records it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from support.errors import Explained
from support.results.schema import Git, Host

FILE = "tuning.json"


@dataclass(frozen=True)
class Effect:
    """One figure without the setting, with it, and without it again.

    `significant`: it differs from both by more than they differ from each other, and by more than
    such machines do by themselves.
    """

    figure: str
    unit: str
    before: float
    tried: float
    again: float
    significant: bool
    better: bool

    @property
    def change(self) -> float:
        """Share of the mean of both readings without the setting."""
        base = (self.before + self.again) / 2
        return self.tried / base - 1 if base else 0.0


@dataclass(frozen=True)
class Tried:
    """One candidate: its settings, what it may be good for, its risk, and what it did.

    `broken`: promises that the scenarios did not keep with it.
    """

    name: str
    settings: dict[str, str]
    hope: str
    risk: str
    effects: tuple[Effect, ...]
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tuning:
    """A sweep: when, of which source, where, and at which scale of the scenarios."""

    at: str
    git: Git
    host: Host
    scale: float
    tried: tuple[Tried, ...]


def read_tuning(reports: Path) -> Tuning | None:
    """The latest sweep beside the runs; None without one.

    A damaged one is told on stderr and left out: the reports of a run don't fail because of it.
    """
    path = reports / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Tuning)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        told = Explained(f"{path} can't be read.", seen=str(error), then="make tune")
        sys.stderr.write(f"{told}\n")
        return None
