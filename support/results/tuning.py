"""The results of `make tune`, a sweep of settings, as reports/tuning.json records them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from support.errors import Explained
from support.results.schema import Git, Host

FILE = "tuning.json"


@dataclass(frozen=True)
class Effect:
    """One figure without the setting (`before`), with it (`tried`), and without it `again`.

    `significant`: `tried` differs from both others by more than they differ from each other, and
    by more than the noise of such machines.
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
        """The change, as a share of the mean of both figures without the setting."""
        return self.tried / self.base - 1 if self.base else 0.0

    @property
    def base(self) -> float:
        """The mean of both figures without the setting."""
        return (self.before + self.again) / 2

    @property
    def noise(self) -> float:
        """How far both figures without the setting are apart, as a share of their mean."""
        return abs(self.before - self.again) / self.base if self.base else 0.0


@dataclass(frozen=True)
class Tried:
    """One candidate: its settings, the improvement hoped for, the risk, and the effects.

    `broken`: the required checks (or the scenarios) that were not green with it. `replaced`: the
    values without it; a setting that is not there had its default.
    """

    name: str
    settings: dict[str, str]
    hope: str
    risk: str
    effects: tuple[Effect, ...]
    broken: tuple[str, ...] = ()
    replaced: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tuning:
    """A sweep: its time, version of the source, machine, and scale of the scenarios."""

    at: str
    git: Git
    host: Host
    scale: float
    tried: tuple[Tried, ...]


def read_tuning(reports: Path) -> Tuning | None:
    """Reads the latest sweep from the folder of all reports; None without one.

    A damaged one is reported on stderr and left out, so that it does not fail a run's reports.
    """
    path = reports / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Tuning)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        trouble = Explained(f"{path} can't be read.", seen=str(error), then="make tune")
        sys.stderr.write(f"{trouble}\n")
        return None
