"""A real Docker engine: the running one, or one that the tests start if they may."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import docker
import pytest
import requests
from docker.errors import DockerException

from support.clients.broker import BrokerClient
from support.clients.kafka_address import READY_TOPIC
from support.errors import Explained, NotInTime
from support.progress import Progress
from support.settings import Settings
from support.stack.addresses import Endpoints
from support.stack.compose.stack import ComposeStack
from support.waiting import wait_until
from tests.contract.running import behave, latest_run
from tests.docker.foreign_cluster import PROJECT, foreign_cluster
from tests.docker.scenarios import SMALL, named
from tests.docker.standin import standin_image

WITH_ACLS = {
    "broker.authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "broker.allow.everyone.if.no.acl.found": "true",
}
"""Settings with which a test can deny single operations."""

NEEDED = ("dockerd", "docker", "docker-compose", "debootstrap", "iptables")
WORK = Path(tempfile.gettempdir()) / "kafka-validation-docker"
PUBLISHED = ("confluentinc/cp-kafka:7.6.0", "debezium/connect:2.5", "postgres:16")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/docker" in str(item.path):
            item.add_marker(pytest.mark.docker)


def answering() -> docker.DockerClient | None:
    try:
        client = docker.from_env(timeout=120)
        client.ping()
    except DockerException:
        return None
    return client


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.DockerClient]:
    """Yields the engine. Skips, with the reason, where none runs and none can be started."""
    client = answering()
    if client is not None:
        yield client
        return
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if os.geteuid() != 0 or missing:
        why = f"missing: {', '.join(missing)}" if missing else "only root can start one"
        pytest.skip(f"no Docker engine answers, and none can be started ({why})")
    WORK.mkdir(exist_ok=True)
    os.environ["DOCKER_HOST"] = f"unix://{WORK}/docker.sock"
    # A killed daemon leaves its pid file, and the pid may be another process's by now.
    pid = WORK / "dockerd.pid"
    if pid.is_file() and Path(f"/proc/{pid.read_text()}/exe").resolve().name != "dockerd":
        pid.unlink()
    with (WORK / "dockerd.log").open("wb") as log:
        daemon = subprocess.Popen(
            [
                "dockerd",
                "--host",
                os.environ["DOCKER_HOST"],
                "--data-root",
                str(WORK / "data"),
                "--exec-root",
                str(WORK / "run"),
                "--pidfile",
                str(WORK / "dockerd.pid"),
            ],
            stdout=log,
            stderr=log,
        )
    try:
        try:
            wait_until(answering, bool, timedelta(seconds=60), "dockerd to answer")
        except NotInTime:
            reported = (WORK / "dockerd.log").read_text()[-800:]
            pytest.skip(f"a Docker engine can't be started on this machine: {reported}")
        client = answering()
        assert client
        yield client
    finally:
        daemon.terminate()
        daemon.wait(60)


@pytest.fixture(scope="session")
def images(engine: docker.DockerClient) -> tuple[str, ...]:
    """-D pairs that name the images: the published ones, or the stand-in without a registry."""
    names = ("kafka_image", "connect_image", "postgres_image")
    try:
        for image in PUBLISHED:
            engine.images.pull(image)
        chosen: tuple[str, ...] = PUBLISHED
    except (DockerException, requests.RequestException):
        try:
            chosen = (standin_image(engine, WORK),) * 3
            tried = engine.containers.create(chosen[0], ["true"])
            tried.start()
            tried.wait()
            tried.remove(v=True)
        except (DockerException, OSError, subprocess.SubprocessError, Explained) as error:
            pytest.skip(f"no image can be pulled, and none can be made or run here: {error}")
    pairs = zip(names, chosen, strict=True)
    return tuple(part for name, image in pairs for part in ("-D", f"{name}={image}"))


def of_settings(images: tuple[str, ...]) -> dict[str, str]:
    """Parses the pairs of images(): setting -> image."""
    pairs = (pair.partition("=") for pair in images[1::2])
    return {key: value for key, _, value in pairs}


@pytest.fixture(scope="module")
def foreign(images: tuple[str, ...]) -> Iterator[ComposeStack]:
    """A single broker that the run under test did not start and knows by its addresses only."""
    settings = Settings.load({"min_free_disk": "1GB", **WITH_ACLS, **of_settings(images)})
    stack = ComposeStack(settings, Progress(io.StringIO()), "foreign-broker")
    stack.start()
    # The suite created this topic when it started the stack; a stack of others would not have it.
    BrokerClient(stack.endpoints.kafka).delete_topics([READY_TOPIC])
    try:
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def embedded_run() -> dict[str, Any]:
    """The run.json of two scenarios on the target that needs no engine."""
    code, output = behave(*SMALL, *named("US1.1", "US2.2"))
    assert code == 0, output
    return latest_run()


@pytest.fixture(scope="module")
def cluster(engine: docker.DockerClient, images: tuple[str, ...]) -> Iterator[Endpoints]:
    """Endpoints of a stack that the suite did not start: three brokers, not our configuration."""
    with foreign_cluster(
        {name.upper(): image for name, image in of_settings(images).items()}
    ) as endpoints:
        yield endpoints


@pytest.fixture(scope="module")
def broker(engine: docker.DockerClient, cluster: Endpoints) -> Any:
    """The container of one of the three brokers, but not of the bootstrap server."""
    labels = [f"com.docker.compose.project={PROJECT}", "com.docker.compose.service=beta"]
    (found,) = engine.containers.list(filters={"label": labels})
    return found
