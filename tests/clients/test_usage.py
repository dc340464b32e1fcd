"""Memory and disk of real processes and folders."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from support.clients.usage import disk_usage, usage_of_process

SHARED_MB, CHILDREN = 64, 3
FAMILY = f"""
import mmap, os, sys
shared = mmap.mmap(-1, {SHARED_MB} << 20)
def touch():
    for at in range(0, len(shared), 4096):
        shared[at] = 1
touch()
for _ in range({CHILDREN}):
    if os.fork() == 0:
        touch()
        print("up", flush=True)
        sys.stdin.read()
        os._exit(0)
sys.stdin.read()
"""
"""A server whose children share its buffers, as PostgreSQL does."""


@pytest.fixture
def family() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        for _ in range(CHILDREN):
            server.stdout.readline()
        yield server.pid
        server.communicate(b"")


def test_buffers_that_children_share_count_once(family: int) -> None:
    usage = usage_of_process(family)
    assert usage is not None
    root = psutil.Process(family)
    everything = sum(p.memory_info().rss for p in [root, *root.children()]) / 2**20
    assert everything > SHARED_MB * (CHILDREN + 1)
    assert SHARED_MB <= usage.memory_bytes / 2**20 < SHARED_MB * 2


def test_what_kafka_is_about_to_remove_is_not_counted(tmp_path: Path) -> None:
    for name in ("load-0", "old-0.5e3e9b0b7b6c4f5f-delete"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "00000000000000000000.log").write_bytes(b"x" * 500_000)
    before = disk_usage(tmp_path)
    assert 500_000 <= before < 600_000
    (tmp_path / "load-0" / "00000000000000000007.log.deleted").write_bytes(b"x" * 500_000)
    assert disk_usage(tmp_path) == before
