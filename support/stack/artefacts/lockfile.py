"""Lock files: the Maven coordinates and SHA-256 of every file of a version of a part."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from support.errors import SettingsError
from support.settings.versions import version_number

FOLDER = Path(__file__).parent / "locks"


@dataclass(frozen=True)
class Artefact:
    """One file of a Maven repository; `size` in bytes, `sha256` in hex."""

    group: str
    name: str
    version: str
    classifier: str
    type: str
    size: int
    sha256: str

    @property
    def coordinates(self) -> str:
        parts = [self.group, self.name, self.version, self.classifier, self.type]
        return ":".join(part for part in parts if part)

    @property
    def file_name(self) -> str:
        """The name in the cache. It begins with the group: two groups may use the same name."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.group}.{self.name}-{self.version}{classifier}.{self.type}"


@dataclass(frozen=True)
class Lock:
    """The artefacts of one version of one part (`kafka-3.6.1`)."""

    part: str
    artefacts: tuple[Artefact, ...]

    @property
    def digest(self) -> str:
        """Changes with any coordinate or checksum."""
        return hashlib.sha256(repr(self.artefacts).encode()).hexdigest()[:16]

    @classmethod
    def read(cls, part: str, folder: Path = FOLDER) -> Lock:
        """The lock of that name. Raises SettingsError, with the nearest ones, if there is none."""
        path = folder / f"{part}.json"
        if not path.is_file():
            raise _no_lock(part, folder)
        raw = json.loads(path.read_text())
        return cls(part, tuple(Artefact(**entry) for entry in raw["artefacts"]))

    def write(self, folder: Path = FOLDER) -> Path:
        """Writes it as JSON with one artefact on each line, so that a diff is readable."""
        rows = [json.dumps(dataclasses.asdict(a)) for a in self.artefacts]
        path = folder / f"{self.part}.json"
        body = ",\n    ".join(rows)
        path.write_text(f'{{\n  "part": "{self.part}",\n  "artefacts": [\n    {body}\n  ]\n}}\n')
        return path


def locked_versions(name: str, folder: Path = FOLDER) -> list[str]:
    """The versions of a part (`kafka`) that have a lock file, the oldest first."""
    known = [path.stem.removeprefix(f"{name}-") for path in folder.glob(f"{name}-*.json")]
    return sorted(known, key=version_number)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _no_lock(part: str, folder: Path) -> SettingsError:
    name, _, version = part.partition("-")
    known = locked_versions(name, folder)
    return SettingsError(
        f"There is no lock file for {part}; the nearest: {', '.join(_nearest(version, known))}.",
        wanted=f"one of {', '.join(known)}",
        then=f"python -m support.stack.artefacts.relock {name} {version} writes one, if the Maven "
        "repository has that version",
    )


def _nearest(version: str, known: Sequence[str]) -> Sequence[str]:
    """The known version before this one and the one after it; `known` is in order."""
    place = bisect([version_number(each) for each in known], version_number(version))
    return known[max(0, place - 1) : place + 1]
