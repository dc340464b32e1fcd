"""Values that can't work, and the errors about them."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from support.errors import SettingsError
from support.settings.places import ACCEPTED_FIGURES

TARGETS = ("embedded", "compose", "attach")
PAYLOADS = ("generated", "sampled")
HEAP = re.compile(r"[1-9]\d*[kKmMgG]?")


def check_target(target: str) -> None:
    if target not in TARGETS:
        near = difflib.get_close_matches(target, TARGETS, 1)
        raise SettingsError(
            f"There is no target '{target}'.",
            wanted=" or ".join(TARGETS),
            then=f"leave -D target out, or use -D target={near[0] if near else TARGETS[0]}",
        )


def check_factor(key: str, factor: float) -> None:
    if not 0 < factor <= 100:
        raise SettingsError(
            f"The setting {key} must be above 0 and at most 100.",
            seen=str(factor),
            then=f"for a short look use -D {key}=0.1",
        )


def check_comparison(scale: float) -> None:
    """Raises SettingsError if a run of this scale has no accepted figures to compare with."""
    if scale < 1 or not ACCEPTED_FIGURES.is_file():
        raise SettingsError(
            "fail_on_regression has nothing to compare with.",
            seen=f"scale {scale:g}" if scale < 1 else f"no {ACCEPTED_FIGURES}",
            then="run at scale 1, after make accept-baseline",
        )


def check_heap(key: str, heap: str) -> None:
    if not HEAP.fullmatch(heap):
        raise SettingsError(
            f"The setting {key} must be a size as Java's -Xmx takes it.",
            seen=heap,
            then=f"-D {key}=1g",
        )


def check_payloads(kind: str) -> None:
    if kind not in PAYLOADS:
        raise SettingsError(
            f"There are no payloads '{kind}'.",
            wanted=" or ".join(PAYLOADS),
            then="leave -D payloads out for envelopes of 1 to 10 KB",
        )


def check_repeat(times: int) -> None:
    if not 1 <= times <= 100:
        raise SettingsError(
            "The setting repeat must be 1 to 100.", seen=str(times), then="-D repeat=5"
        )


def check_file(key: str, path: Path | None, wanted: str) -> None:
    if path is not None and not path.expanduser().is_file():
        raise SettingsError(
            f"The file of {key} does not exist.",
            seen=str(path),
            wanted=wanted,
            then=f"correct the path, or leave -D {key} out",
        )


def check_of_others(key: str, path: Path | None, target: str) -> None:
    if path is not None and target != "attach":
        raise SettingsError(
            f"{key} is only for a stack that others run.",
            seen=f"-D target={target}",
            then=f"-D target=attach, or leave -D {key} out",
        )


def check_port(key: str, port: int | None) -> None:
    if port is not None and not 1 <= port <= 65535:
        raise SettingsError(
            f"The setting {key} must be a TCP port.", seen=str(port), wanted="1 to 65535"
        )
