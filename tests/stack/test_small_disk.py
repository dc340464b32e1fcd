"""A small file system is small, visible only to processes that enter it, and gone afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.errors import Unavailable
from support.stack.embedded.small_disk import OCCUPIED, NamespaceDisk

MB = 1 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[NamespaceDisk]:
    try:
        made = NamespaceDisk(tmp_path / "disk", 8 * MB, tmp_path / "processes")
    except Unavailable as reason:
        pytest.skip(str(reason))
    yield made
    made.close()


def inside(disk: NamespaceDisk, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*disk.enter(), *command], capture_output=True, text=True)


def test_it_has_its_size_and_can_be_filled_and_freed(disk: NamespaceDisk) -> None:
    assert 7 * MB < disk.free_bytes() <= 8 * MB
    assert disk.occupy(2 * MB) == 2 * MB
    assert disk.occupy() > 7 * MB
    assert disk.free_bytes() == 0
    full = inside(disk, "dd", "if=/dev/zero", f"of={disk.place}/more", "count=1")
    assert "No space left on device" in full.stderr
    assert disk.release() > 7 * MB
    assert disk.free_bytes() > 7 * MB


def test_the_host_sees_nothing_of_it(disk: NamespaceDisk) -> None:
    disk.occupy(MB)
    assert OCCUPIED in inside(disk, "ls", str(disk.place)).stdout
    assert list(disk.place.iterdir()) == []
    assert str(disk.place) not in Path("/proc/mounts").read_text()


def test_closed_it_leaves_neither_process_nor_folder(disk: NamespaceDisk, tmp_path: Path) -> None:
    pid = disk.enter()[2]
    assert str(disk.place) in Path(f"/proc/{pid}/mountinfo").read_text()
    disk.close()
    assert not Path(f"/proc/{pid}").exists()
    assert not (tmp_path / "disk").exists()
    assert list((tmp_path / "processes").glob("*")) == []
