"""Unpacks verified archives, on every Python version that the suite supports."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

HAS_FILTERS = hasattr(tarfile, "data_filter")
"""Python 3.11.4 and later have them; Debian 12 has an older one."""


def unpack_archive(archive: Path, folder: Path) -> None:
    """Unpacks a .zip or .tar.gz file into a folder; no file is written outside of it."""
    if archive.suffix == ".zip":
        shutil.unpack_archive(archive, folder)
        return
    with tarfile.open(archive) as tar:
        if HAS_FILTERS:
            tar.extractall(folder, filter="data")
        else:
            tar.extractall(folder, members=_harmless(tar))


def _harmless(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members, owned by this user. Raises tarfile.TarError for one that is not a file or folder
    inside the archive."""
    for member in tar:
        name = Path(member.name)
        if not (member.isfile() or member.isdir()) or name.is_absolute() or ".." in name.parts:
            raise tarfile.TarError(f"{member.name} is not a file or folder inside the archive")
        member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        member.mode &= 0o755
        yield member
