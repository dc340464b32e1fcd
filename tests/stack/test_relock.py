"""A lock is written from what a Maven repository serves, or says what it does not serve."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support.errors import StackError
from support.stack.artefacts.relock import ROOTS, main, relock

POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>
<dependencies>{dependencies}</dependencies></project>
"""
DEPENDENCY = (
    "<dependency><groupId>org.example</groupId><artifactId>{name}</artifactId>"
    "<version>1.0</version><scope>{scope}</scope></dependency>"
)


class Repository:
    """A Maven repository on the loopback address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Quiet."""

            def translate_path(self, path: str) -> str:
                return str(folder / path.lstrip("/"))

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def publish(self, coordinates: str, *dependencies: str, jar: bool = True) -> None:
        """Publishes `group:name:version`; `dependencies` are `name` or `name:scope`."""
        group, artefact, version = coordinates.split(":")
        place = self._folder / group.replace(".", "/") / artefact / version
        place.mkdir(parents=True)
        listed = "".join(
            DEPENDENCY.format(name=name, scope=scope or "runtime")
            for name, _, scope in (each.partition(":") for each in dependencies)
        )
        pom = POM.format(group=group, name=artefact, version=version, dependencies=listed)
        (place / f"{artefact}-{version}.pom").write_text(pom)
        if jar:
            (place / f"{artefact}-{version}.jar").write_bytes(coordinates.encode())


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    served = Repository(tmp_path / "served")
    yield served
    served.server.shutdown()
    served.server.server_close()


def publish_roots(repository: Repository, version: str, *left_out: str) -> None:
    for root in ROOTS["kafka"]:
        if not any(name in root for name in left_out):
            needs = ("used", "tested:test") if "kafka_2.13" in root else ()
            repository.publish(root.format(v=version), *needs)


def test_a_lock_has_the_roots_and_what_they_need_at_run_time(
    repository: Repository, tmp_path: Path
) -> None:
    publish_roots(repository, "9.0.0")
    repository.publish("org.example:used:1.0")
    lock = relock("kafka", "9.0.0", tmp_path / "cache", repository.url)
    assert lock.part == "kafka-9.0.0"
    names = {a.coordinates for a in lock.artefacts}
    assert names == {
        *(f"{root.format(v='9.0.0')}:jar" for root in ROOTS["kafka"]),
        "org.example:used:1.0:jar",
    }


def test_every_part_of_a_version_that_is_not_served_has_its_line(
    repository: Repository, tmp_path: Path
) -> None:
    publish_roots(repository, "9.0.0", "kafka-tools", "connect-json")
    with pytest.raises(StackError) as refused:
        relock("kafka", "9.0.0", tmp_path / "cache", repository.url)
    lines = str(refused.value).splitlines()
    assert lines[0].startswith("kafka 9.0.0 can't be locked")
    assert lines[1:3] == [
        "  not served: org.apache.kafka:kafka-tools:pom:9.0.0",
        "  not served: org.apache.kafka:connect-json:pom:9.0.0",
    ]


def test_a_dependency_without_a_file_is_named(repository: Repository, tmp_path: Path) -> None:
    publish_roots(repository, "9.0.0")
    repository.publish("org.example:used:1.0", jar=False)
    with pytest.raises(StackError, match=r"not served: org\.example:used:jar:1\.0"):
        relock("kafka", "9.0.0", tmp_path / "cache", repository.url)


def test_a_dependency_without_a_description_is_named(
    repository: Repository, tmp_path: Path
) -> None:
    publish_roots(repository, "9.0.0")
    repository.publish("org.example:used:1.0")
    (tmp_path / "served" / "org" / "example" / "used" / "1.0" / "used-1.0.pom").unlink()
    with pytest.raises(StackError, match=r"org\.example:used:pom:1\.0"):
        relock("kafka", "9.0.0", tmp_path / "cache", repository.url)


def test_the_command_completes_a_version_of_debezium_and_has_no_traceback(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAFKA_VALIDATION_MAVEN_MIRROR", repository.url)
    assert main(["debezium", "9.9.9"]) == 2
    said = capsys.readouterr().err
    assert "debezium 9.9.9.Final can't be locked" in said
    assert "debezium-connector-postgres:tar.gz:plugin:9.9.9.Final" in said
    monkeypatch.setenv("KAFKA_VALIDATION_MAVEN_MIRROR", "http://127.0.0.1:9")
    assert main(["kafka", "9.9.9"]) == 2
    assert "can't be reached" in capsys.readouterr().err
