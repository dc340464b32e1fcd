"""Fetching against a real HTTP server: resumed, verified, and clear when it can't be done."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support.errors import SettingsError, StackError
from support.progress import Progress
from support.stack.artefacts.fetch import fetch, unpack
from support.stack.artefacts.lockfile import FOLDER, Artefact, Lock


class Repository:
    """A Maven repository on the loopback address that counts what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        repository = self

        class Handler(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                repository.asked.append(self.path)
                super().do_GET()

            def log_message(self, *_: object) -> None:
                """Quiet."""

            def translate_path(self, path: str) -> str:
                return str(folder / path.lstrip("/"))

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def publish(self, name: str, content: bytes, type_: str = "jar") -> Artefact:
        place = self.folder / "org" / "example" / name / "1.0"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}-1.0.{type_}").write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return Artefact("org.example", name, "1.0", "", type_, len(content), digest)

    def downloads(self) -> int:
        return len([path for path in self.asked if path.endswith((".jar", ".gz"))])


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    served = Repository(tmp_path / "served")
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def quiet() -> Progress:
    return Progress(io.StringIO())


def test_a_second_fetch_downloads_nothing(
    repository: Repository, tmp_path: Path, quiet: Progress
) -> None:
    artefacts = tuple(repository.publish(f"part-{n}", b"jar" * n) for n in range(1, 5))
    lock = Lock("example-1.0", artefacts)
    paths = fetch(lock, tmp_path / "cache", repository.url, quiet)
    assert [path.read_bytes() for path in paths] == [b"jar" * n for n in range(1, 5)]
    assert repository.downloads() == 4
    assert fetch(lock, tmp_path / "cache", repository.url, quiet) == paths
    assert repository.downloads() == 4


def test_what_arrived_before_a_failure_is_kept(
    repository: Repository, tmp_path: Path, quiet: Progress
) -> None:
    good = repository.publish("good", b"good")
    absent = Artefact("org.example", "absent", "1.0", "", "jar", 3, "0" * 64)
    with pytest.raises(StackError, match=r"org.example:absent:1.0:jar could not be downloaded"):
        fetch(Lock("x", (good, absent)), tmp_path / "cache", repository.url, quiet)
    before = repository.downloads()
    fetch(Lock("x", (good,)), tmp_path / "cache", repository.url, quiet)
    assert repository.downloads() == before


def test_the_password_of_a_mirror_is_not_shown(repository: Repository, tmp_path: Path) -> None:
    absent = Artefact("org.example", "absent", "1.0", "", "jar", 3, "0" * 64)
    mirror = repository.url.replace("://", "://ops:S3cretPw@")
    printed = io.StringIO()
    with pytest.raises(StackError) as refused:
        fetch(Lock("x", (absent,)), tmp_path / "cache", mirror, Progress(printed))
    assert repository.url in printed.getvalue()
    assert "S3cretPw" not in printed.getvalue() + str(refused.value)


def test_a_damaged_file_in_the_cache_is_fetched_again(
    repository: Repository, tmp_path: Path, quiet: Progress
) -> None:
    lock = Lock("x", (repository.publish("part", b"whole"),))
    (path,) = fetch(lock, tmp_path / "cache", repository.url, quiet)
    path.write_bytes(b"wholf")
    assert fetch(lock, tmp_path / "cache", repository.url, quiet)[0].read_bytes() == b"whole"


def test_a_corrupt_download_is_refused_with_both_checksums(
    repository: Repository, tmp_path: Path, quiet: Progress
) -> None:
    artefact = repository.publish("part", b"as locked")
    repository.publish("part", b"something else")
    with pytest.raises(StackError) as refused:
        fetch(Lock("x", (artefact,)), tmp_path / "cache", repository.url, quiet)
    message = str(refused.value)
    assert artefact.sha256 in message
    assert hashlib.sha256(b"something else").hexdigest() in message
    assert "maven_mirror" in message
    assert not list((tmp_path / "cache" / "artefacts").iterdir())


def test_an_unreachable_repository_is_reported_within_seconds(
    tmp_path: Path, quiet: Progress
) -> None:
    artefact = Artefact("org.example", "part", "1.0", "", "jar", 3, "0" * 64)
    with pytest.raises(StackError, match="could not be downloaded") as refused:
        fetch(Lock("x", (artefact,)), tmp_path / "cache", "http://127.0.0.1:9", quiet)
    assert "the Maven repository can't be reached" in str(refused.value)


def test_a_plugin_is_unpacked_once_and_whole(
    repository: Repository, tmp_path: Path, quiet: Progress
) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        info = tarfile.TarInfo("plugin/a.jar")
        info.size = 3
        tar.addfile(info, io.BytesIO(b"abc"))
    lock = Lock("x-1.0", (repository.publish("plugin", packed.getvalue(), "tar.gz"),))
    (archive,) = fetch(lock, tmp_path, repository.url, quiet)
    folder = unpack(lock, archive, tmp_path)
    assert (folder / "plugin" / "a.jar").read_bytes() == b"abc"
    archive.unlink()
    assert unpack(lock, archive, tmp_path) == folder


@pytest.mark.parametrize(
    ("part", "nearest"),
    [
        ("kafka-3.6.2", "3.6.1, 3.9.2"),
        ("kafka-4.4.1", "4.4.0"),
        ("kafka-1.0.0", "3.6.1"),
        ("debezium-3.6.4.Final", "3.6.1.Final, 3.7.0.Final"),
    ],
)
def test_an_unknown_version_names_the_nearest_ones(part: str, nearest: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Lock.read(part)
    message = str(refused.value)
    assert message.startswith(f"There is no lock file for {part}; the nearest: {nearest}.")
    assert f"relock {part.replace('-', ' ', 1)} writes one" in message


@pytest.mark.parametrize("lock", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_the_shipped_locks_are_whole(lock: Path) -> None:
    read = Lock.read(lock.stem)
    assert read.artefacts
    assert all(len(a.sha256) == 64 and a.size > 0 for a in read.artefacts)
    assert len({a.file_name for a in read.artefacts}) == len(read.artefacts)


@pytest.mark.parametrize("version", ["3.6.1", "3.9.2", "4.0.2", "4.1.2", "4.3.1", "4.4.0"])
def test_every_kafka_lock_has_all_main_classes_and_one_log_binding(version: str) -> None:
    artefacts = Lock.read(f"kafka-{version}").artefacts
    own = {a.name: a.version for a in artefacts if a.group == "org.apache.kafka"}
    for name in ("kafka_2.13", "kafka-tools", "connect-runtime", "connect-json"):
        assert own[name] == version
    assert set(own.values()) == {version}
    bindings = {"slf4j-reload4j", "slf4j-log4j12", "log4j-slf4j-impl", "slf4j-simple"}
    assert [a.name for a in artefacts if a.name in bindings] == ["slf4j-reload4j"]


def test_a_lock_survives_being_written(tmp_path: Path) -> None:
    lock = Lock.read("kafka-3.6.1")
    lock.write(tmp_path)
    assert Lock.read("kafka-3.6.1", tmp_path) == lock
