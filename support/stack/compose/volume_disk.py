"""A Docker volume of a few megabytes in memory, which other files can fill."""

from __future__ import annotations

from typing import Any

from docker.errors import APIError

from support.errors import StackError, Unavailable
from support.stack.compose.project import ComposeProject
from support.stack.docker.part_disk import PLAIN

PLACE, OCCUPIED = "/disk", "/disk/another-tenant.bin"


class VolumeDisk:
    """Implements SmallDisk. A sleeping container holds the volume, whose content would otherwise
    be gone when the broker ends."""

    def __init__(self, project: ComposeProject, name: str, image: str, size: int) -> None:
        self.volume, self._project = name, project
        self.close()
        options = {"type": "tmpfs", "device": "tmpfs", "o": f"size={size},mode=1777"}
        try:
            project.client.volumes.create(name, driver="local", driver_opts=options)
            self._holder: Any = project.client.containers.run(
                image,
                entrypoint=["sleep", "infinity"],
                name=name,
                detach=True,
                user="0",
                volumes={name: {"bind": PLACE, "mode": "rw"}},
            )
        except APIError as error:
            self.close()
            raise Unavailable(
                "A small disk can't be made on this Docker engine.", seen=str(error)[:300]
            ) from error
        except BaseException:
            self.close()
            raise

    def free_bytes(self) -> int:
        return int(self._run(f"df -B1 --output=avail {PLACE} | tail -1"))

    def occupy(self, size: int | None = None) -> int:
        """Writes zeros: `size` bytes, or until no space is free."""
        if size is not None:
            self._run(f"head -c {size} /dev/zero >> {OCCUPIED}")
        else:
            # It fails when the disk is full, as intended.
            self._run(f"cat /dev/zero >> {OCCUPIED} 2> /dev/null || true")
        return int(self._run(f"stat -c %s {OCCUPIED}"))

    def release(self) -> int:
        size = self._run(f"stat -c %s {OCCUPIED} 2> /dev/null || echo 0")
        self._run(f"rm -f {OCCUPIED}")
        return int(size)

    def close(self) -> None:
        self._project.remove(self.volume)

    def _run(self, command: str) -> str:
        code, output = self._holder.exec_run(["bash", "-c", command], environment=PLAIN)
        text = str(output.decode(errors="replace")).strip()
        if code != 0:
            raise StackError("The small disk can't be used.", seen=text)
        return text
