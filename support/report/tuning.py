"""Findings of `make tune`, as a section of recommendations.md and as advice."""

from __future__ import annotations

from collections.abc import Iterator

from support.report.advice import Advice
from support.report.figures import parts_of
from support.report.words import number, table
from support.results.tuning import Effect, Tried, Tuning
from support.results.units import counted

HEAD = ("settings", "scenario", "figure", "without", "with", "without again", "change", "")
ACKS = ".acks"
"""How the setting ends that weakens the delivery guarantee."""


def tuning_section(tuning: Tuning) -> list[str]:
    """Returns every figure of every setting that was tried, without, with and without it again."""
    host = tuning.host
    about = (
        f"Tried on {tuning.at} with `make tune`, scenarios scaled by {tuning.scale:g}, on "
        f"{host.system}, {counted(host.cpus, 'cores')}. A change is significant when the figure "
        "differs from both readings without the setting by more than they differ from each other, "
        "and by more than a quarter."
    )
    rows = [_row(tried, effect) for tried in tuning.tried for effect in tried.effects]
    broken = [
        f"With {_settings(tried)} these checks or scenarios did not pass: "
        f"{', '.join(tried.broken)}."
        for tried in tuning.tried
        if tried.broken
    ]
    return ["## Settings that were tried", "", about, "", table(HEAD, rows), "", *broken, ""]


def _row(tried: Tried, effect: Effect) -> tuple[str, ...]:
    readings = (effect.before, effect.tried, effect.again)
    return (
        _settings(tried),
        *parts_of(effect.figure),
        *(f"{number(value)} {effect.unit}" for value in readings),
        f"{effect.change:+.0%}",
        _significance(effect),
    )


def tuned_advice(tuning: Tuning) -> Iterator[Advice]:
    """Returns advice for every setting that only improves figures."""
    for tried, better in improvements(tuning):
        scenario = parts_of(better[0].figure)[0]
        names = ", ".join(parts_of(each.figure)[1] for each in better)
        yield Advice(
            f"{names} can be better: {tried.hope} ({scenario})",
            ", ".join(f"-D {key}={value}" for key, value in tried.settings.items()),
            _measured(better),
            tried.risk,
        )


def improvements(tuning: Tuning) -> Iterator[tuple[Tried, tuple[Effect, ...]]]:
    """Returns the settings that made a figure significantly better, and no figure worse.

    Without those that broke a requirement or weaken the delivery guarantee (acks).
    """
    for tried in tuning.tried:
        better = tuple(effect for effect in tried.effects if effect.better)
        worse = any(effect.significant and not effect.better for effect in tried.effects)
        weaker = any(key.endswith(ACKS) for key in tried.settings)
        if better and not worse and not tried.broken and not weaker:
            yield tried, better


def _measured(effects: tuple[Effect, ...]) -> str:
    return "; ".join(
        f"{parts_of(each.figure)[1]} {number((each.before + each.again) / 2)} -> "
        f"{number(each.tried)} {each.unit} ({each.change:+.0%}, measured by make tune)"
        for each in effects
    )


def _settings(tried: Tried) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in tried.settings.items())


def _significance(effect: Effect) -> str:
    if not effect.significant:
        return "not significant"
    return "✔ better" if effect.better else "✖ worse"
