"""Unpacks archives that were verified by their checksum, on every Python that the suite runs on."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

HAS_FILTERS = hasattr(tarfile, "data_filter")
"""Not before Python 3.11.4, which Debian 12 does not have."""


def unpack_archive(archive: Path, folder: Path) -> None:
    """Put all that is in a .zip or .tar.gz into a folder; nothing gets outside it."""
    if archive.suffix == ".zip":
        shutil.unpack_archive(archive, folder)
        return
    with tarfile.open(archive) as tar:
        if HAS_FILTERS:
            tar.extractall(folder, filter="data")
        else:
            tar.extractall(folder, members=_harmless(tar))


def _harmless(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Files and folders below, owned by us. Raises tarfile.TarError for anything else."""
    for member in tar:
        name = Path(member.name)
        if not (member.isfile() or member.isdir()) or name.is_absolute() or ".." in name.parts:
            raise tarfile.TarError(f"{member.name} is no file or folder below the archive's own")
        member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        member.mode &= 0o755
        yield member
