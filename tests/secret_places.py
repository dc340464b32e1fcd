"""Searches everything that a run leaves, and the processes that it starts, for a secret."""

from __future__ import annotations

import base64
import gzip
import html
import json
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, quote_plus

import psutil

SHORTEST = 8
"""A shorter secret would be found by chance."""

EVERY_S = 0.2


@dataclass(frozen=True)
class SeenProcess:
    """A process as the operating system showed it: its arguments, and its environment."""

    pid: int
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


def places_with(secret: str, folder: Path, processes: Iterable[SeenProcess] = ()) -> list[str]:
    """Returns where a secret is found, sorted; a marker of at least 8 characters.

    Searched are the names and the contents of all files in the folder (also compressed ones), and
    the arguments and the environment of the processes. The secret is found as it is, and encoded
    as in URLs, HTML, JSON or base64. Raises ValueError for a shorter secret.
    """
    if len(secret) < SHORTEST:
        raise ValueError(f"a marker needs at least {SHORTEST} characters")
    forms = _forms(secret)
    found = set(_in_files(forms, folder))
    for process in processes:
        if _has("\n".join(process.arguments).encode(), forms):
            found.add(f"arguments of process {process.pid}: {process.arguments[:3]}")
        found |= {
            f"environment of process {process.pid}: {name} ({process.arguments[:3]})"
            for name, value in process.environment.items()
            if _has(value.encode(errors="surrogateescape"), forms)
        }
    return sorted(found)


def _forms(secret: str) -> frozenset[bytes]:
    """Returns the encodings of a secret that are searched for."""
    texts = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    raw = secret.encode()
    # The same bytes look different at each of three positions; characters at the ends depend on
    # their neighbours.
    encoded = {base64.b64encode(b"\0" * shift + raw)[4 * bool(shift) : -4] for shift in range(3)}
    return frozenset({text.encode() for text in texts} | encoded)


def _has(content: bytes, forms: frozenset[bytes]) -> bool:
    return any(form in content for form in forms)


def _in_files(forms: frozenset[bytes], folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if _has(name.encode(), forms):
            yield f"name of {name}"
        if path.is_file() and any(_has(content, forms) for content in _contents(path)):
            yield name


def _contents(path: Path) -> Iterator[bytes]:
    """Yields a file's bytes, and what it contains if it is compressed."""
    raw = path.read_bytes()
    yield raw
    if raw[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError):
            yield gzip.decompress(raw)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)


class Watch:
    """Looks at the processes below one process every 0.2 s, from entering to leaving a `with`.

    `processes`: every one that was seen, without the process itself, whose arguments are the
    user's. A process that lives for less than that can be missed.
    """

    def __init__(self, pid: int) -> None:
        self._root, self._ended = pid, threading.Event()
        self._seen: dict[tuple[int, float], SeenProcess] = {}
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def processes(self) -> list[SeenProcess]:
        """Everything that was seen so far."""
        return list(self._seen.values())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY_S):
            with suppress(psutil.Error):
                for child in psutil.Process(self._root).children(recursive=True):
                    self._note(child)

    def _note(self, process: psutil.Process) -> None:
        key = (process.pid, process.create_time())
        with suppress(psutil.Error, OSError):
            arguments = tuple(process.cmdline())
            # Between fork and exec a child still has the arguments of its parent.
            if arguments and arguments != tuple(psutil.Process(self._root).cmdline()):
                self._seen[key] = SeenProcess(process.pid, arguments, process.environ())
