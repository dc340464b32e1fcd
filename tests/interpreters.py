"""The Python interpreters of this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

PLACES = (
    "/usr/bin/python[23]",
    "/usr/bin/python3.[0-9]*",
    "/usr/local/bin/python3.[0-9]*",
    "~/.pyenv/versions/*/bin/python",
    "~/.local/share/uv/python/*/bin/python3",
    "/opt/python/*/bin/python3",
)
WHICH = (
    "import json, platform, sys;"
    "print(json.dumps([sys.version_info[:3], platform.python_implementation()]))"
)


@cache
def interpreters() -> dict[str, str]:
    """Returns full version -> a CPython interpreter of it, from 2.7 on."""
    found: dict[str, str] = {}
    for path in (sys.executable, *sorted(_installed())):
        try:
            told = subprocess.run([path, "-c", WHICH], capture_output=True, text=True, timeout=20)
            version, kind = json.loads(told.stdout)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            continue
        if kind == "CPython":
            found.setdefault(".".join(map(str, version)), path)
    return found


def _installed() -> set[str]:
    """Returns paths of programs that may be an interpreter, without pyenv's slow stand-ins."""
    places = [str(Path(place).expanduser())[1:] for place in PLACES]
    paths = [str(path) for place in places for path in Path("/").glob(place)]
    paths += filter(None, (shutil.which(f"python3.{minor}") for minor in range(11, 20)))
    return {str(Path(path).resolve()) for path in paths if "/shims/" not in path}


def version_of(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))
