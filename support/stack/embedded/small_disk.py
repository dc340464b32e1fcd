"""A file system of a few megabytes in memory, visible only to the processes that enter it.

It is mounted in a separate mount namespace (without root in a user namespace as well), which a
holder process keeps. So the host's mounts never change, and the file system is gone when the holder
and the broker have ended, however they ended.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

from support.errors import StackError, Unavailable
from support.settings import environment_for_children
from support.stack.processes.supervised import Recipe, Supervised, is_root
from support.waiting import wait_until

HOLD = 'mount -t tmpfs -o size="$1",mode=0755 kafka-validation "$0" && exec sleep infinity'
BLOCK = bytes(1 << 20)
OCCUPIED = "another-tenant.bin"


class NamespaceDisk:
    """Implements SmallDisk. It is mounted from its creation until close()."""

    def __init__(self, folder: Path, size: int, records: Path) -> None:
        """Raises Unavailable if nothing can be mounted here."""
        self._user_namespace = _needs_user_namespace()
        self.folder = folder
        """The working folder of processes that enter it; `place` is below it."""
        self.place = folder / "mount"
        self.place.mkdir(parents=True)
        own_user = ("--user", "--map-root-user") if self._user_namespace else ()
        command = ("unshare", *own_user, "--mount", "sh", "-c", HOLD, str(self.place), str(size))
        self._holder = Supervised(
            Recipe(folder.name, command, folder, folder / "holder.out"), records
        )
        try:
            self._holder.start()
            self._await_mounted(size)
        except BaseException:
            self.close()
            raise

    def enter(self) -> tuple[str, ...]:
        """The prefix of a command line that makes the file system visible to it."""
        own_user = ("--user", "--preserve-credentials") if self._user_namespace else ()
        target = ("--target", str(self._holder.pid))
        return ("nsenter", *target, "--mount", *own_user, "--wd", "--")

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._inside()).free

    def occupy(self, size: int | None = None) -> int:
        """Writes zeros: `size` bytes, or until no byte is free."""
        left, part = size if size is not None else 1 << 62, len(BLOCK)
        path = self._inside() / OCCUPIED
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            while left and part:
                try:
                    left -= os.write(descriptor, BLOCK[: min(part, left)])
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    part //= 2
        finally:
            os.close(descriptor)
        return path.stat().st_size

    def release(self) -> int:
        path = self._inside() / OCCUPIED
        size = path.stat().st_size if path.exists() else 0
        path.unlink(missing_ok=True)
        return size

    def close(self) -> None:
        """Ends the holder. The file system is gone when no process uses it any more."""
        self._holder.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _inside(self) -> Path:
        """The path of the file system for processes that have not entered it."""
        return Path(f"/proc/{self._holder.pid}/root{self.place}")

    def _await_mounted(self, size: int) -> None:
        def mounted() -> bool:
            if not self._holder.alive():
                raise StackError(
                    "The small file system could not be mounted.", seen=self._holder.tail()
                )
            usage = shutil.disk_usage(self._inside())
            return abs(usage.total - size) < (1 << 20)

        wait_until(mounted, bool, timedelta(seconds=10), "a small file system", tolerate=(OSError,))


def _needs_user_namespace() -> bool:
    """Whether mounting needs a user namespace. Raises Unavailable if mounting is impossible."""
    missing = [tool for tool in ("unshare", "nsenter") if shutil.which(tool) is None]
    if missing:
        raise Unavailable(
            "A small file system can't be made here.",
            seen=f"no {' and no '.join(missing)}",
            then="install util-linux",
        )
    tries = (
        [["--user", "--map-root-user"]] if not is_root() else [[], ["--user", "--map-root-user"]]
    )
    refusal = ""
    for own_user in tries:
        command = ["unshare", *own_user, "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment_for_children({}), timeout=10
        )
        if done.returncode == 0:
            return bool(own_user)
        refusal = done.stderr.strip()
    raise Unavailable(
        "A small file system can't be mounted here.",
        seen=refusal,
        cause="no root, and unprivileged user namespaces are off",
        then="run as root, or sysctl -w kernel.unprivileged_userns_clone=1 (or "
        "kernel.apparmor_restrict_unprivileged_userns=0)",
    )
