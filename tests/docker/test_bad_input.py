"""Impossible input is refused with one message, within seconds, and nothing is left."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from pathlib import Path

import docker
import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from support.clients.database import Database
from support.errors import StackError
from support.stack.compose.launcher import PROJECT
from support.stack.compose.stack import ComposeStack
from support.stack.docker.engine import connect_engine
from support.stack.listening import LOOPBACK, choose_port
from tests.contract.running import start
from tests.docker.scenarios import SMALL, addresses, everything
from tests.secured.picture_kafka import ANY_ACL

SECONDS = 60
NOBODY = 65534


def refused(*arguments: str, environment: dict[str, str] | None = None) -> str:
    """The output of a run that is refused before any scenario."""
    kept = dict(os.environ)
    os.environ.update(environment or {})
    try:
        process = start(*SMALL, *arguments, "--name", "weakens at-least-once")
        output = process.communicate(timeout=SECONDS)[0]
    finally:
        os.environ.clear()
        os.environ.update(kept)
    assert process.returncode == 2, output
    assert "Traceback" not in output
    return str(output)


def test_that_no_engine_answers_is_reported(tmp_path: Path) -> None:
    nowhere = {"DOCKER_HOST": f"unix://{tmp_path}/docker.sock"}
    assert "No Docker engine answers." in refused("-D", "target=compose", environment=nowhere)


def become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def refusal() -> str:
    with pytest.raises(StackError) as reported:
        connect_engine()
    return str(reported.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_that_this_user_may_not_use_docker_is_reported(engine: docker.DockerClient) -> None:
    forked = get_context("fork")
    with ProcessPoolExecutor(1, mp_context=forked, initializer=become_nobody) as pool:
        reported = pool.submit(refusal).result(SECONDS)
    assert "Docker can't be used by this user." in reported
    assert "sudo usermod -aG docker $USER" in reported


def test_a_compose_that_is_too_old_is_refused(engine: docker.DockerClient, tmp_path: Path) -> None:
    for name, answer in (("docker", "exit 1"), ("docker-compose", "echo 1.25.0")):
        (tmp_path / name).write_text(f"#!/bin/bash\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    reported = refused("-D", "target=compose", environment=path)
    assert "Docker Compose is too old." in reported
    assert "1.25.0" in reported


def test_an_image_that_can_not_be_had_is_named(engine: docker.DockerClient) -> None:
    reported = refused("-D", "target=compose", "-D", "kafka_image=kafka-validation/absent:1")
    assert "An image of the stack can't be pulled." in reported
    assert "-D kafka_image=" in reported
    label: dict[str, str | list[str] | bool] = {"label": f"com.docker.compose.project={PROJECT}"}
    assert engine.containers.list(all=True, filters=label) == []


def test_a_port_that_was_asked_for_and_is_taken_is_reported(engine: docker.DockerClient) -> None:
    with answering({}) as url:
        port = url.rsplit(":", 1)[1]
        reported = refused("-D", "target=compose", "-D", f"kafka_ui_port={port}")
    assert f"The port {port}, asked for by kafka_ui_port, is taken." in reported


@contextmanager
def answering(answers: dict[str, object]) -> Iterator[str]:
    """An HTTP server in place of the expected one; `answers`: path -> JSON."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answers.get(self.path, [])).encode())

        def log_message(self, *_arguments: object) -> None:
            """Logs nothing."""

    server = HTTPServer((LOOPBACK, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()


@pytest.mark.parametrize(
    ("change", "reported"),
    [
        ("bootstrap=127.0.0.1:9", "No Kafka broker answers at 127.0.0.1:9."),
        ("connect=http://127.0.0.1:9", "does not answer GET /connector-plugins"),
        ("database=postgresql://cdc:wrong@127.0.0.1:{port}/app", "password authentication failed"),
        ("database=postgresql://cdc:postgres@127.0.0.1:9/app", "PostgreSQL can't be used at"),
        ("database=app", "is not a connection string that libpq can read"),
        ("bootstrap=", "bootstrap is not set"),
        ("kafka_container=kafka_", "There is no container named kafka_"),
        ("allow_destructive=yes", "name what may be broken"),
    ],
)
def test_what_is_wrong_about_a_foreign_stack_is_reported(
    foreign: ComposeStack, change: str, reported: str
) -> None:
    before = everything(foreign.endpoints)
    change = change.format(port=foreign.endpoints.database.port)
    assert reported in refused(*addresses(foreign.endpoints), "-D", change)
    assert everything(foreign.endpoints) == before


def test_a_container_that_is_no_broker_of_the_cluster_is_not_broken(foreign: ComposeStack) -> None:
    database = foreign.database_server()._find()
    named = ("-D", f"kafka_container={database.name}", "-D", "allow_destructive=yes")
    reported = refused(*addresses(foreign.endpoints), *named)
    assert f"The container {database.name} runs no broker of the cluster" in reported
    database.reload()
    assert database.attrs["State"]["Running"]


def test_a_container_that_does_not_run_is_reported(
    foreign: ComposeStack, engine: docker.DockerClient, images: tuple[str, ...]
) -> None:
    ended = engine.containers.create(images[-1].partition("=")[2], ["true"])
    try:
        reported = refused(*addresses(foreign.endpoints), "-D", f"kafka_container={ended.name}")
    finally:
        ended.remove(v=True)
    assert f"The container {ended.name} can't be read." in reported
    assert f"docker start {ended.name}" in reported


def test_a_connect_without_debezium_is_reported(foreign: ComposeStack) -> None:
    plugins = [{"class": "org.apache.kafka.connect.mirror.MirrorSourceConnector"}]
    with answering({"/connector-plugins": plugins}) as url:
        reported = refused(*addresses(foreign.endpoints), "-D", f"connect={url}")
    assert "has no Debezium connector for PostgreSQL" in reported
    assert "MirrorSourceConnector" in reported


def test_an_operation_that_is_denied_is_reported(foreign: ComposeStack) -> None:
    admin = AdminClient({"bootstrap.servers": foreign.endpoints.kafka.bootstrap})
    denied = AclBinding(
        ResourceType.TOPIC,
        "kafka-validation-",
        ResourcePatternType.PREFIXED,
        "User:ANONYMOUS",
        "*",
        AclOperation.WRITE,
        AclPermissionType.DENY,
    )
    for created in admin.create_acls([denied]).values():
        created.result(10)
    try:
        reported = refused(*addresses(foreign.endpoints))
    finally:
        for removed in admin.delete_acls([ANY_ACL]).values():
            removed.result(10)
    # With a list for the prefix, what it does not allow is denied as well.
    assert "This client may not create a topic." in reported
    assert "allow Create and Describe on topics named kafka-validation-*" in reported
    assert [n for n in everything(foreign.endpoints)["topics"] if "inspection" in n] == []


def test_a_database_without_a_free_slot_is_reported(foreign: ComposeStack) -> None:
    database = Database(foreign.endpoints.database.conninfo)
    made: list[str] = []
    try:
        while database.query(
            "SELECT current_setting('max_replication_slots')::int > count(*)"
            " FROM pg_replication_slots"
        ) == [(True,)]:
            made.append(f"filler_{len(made)}")
            database.query("SELECT pg_create_physical_replication_slot(%s)", [made[-1]])
        reported = refused(*addresses(foreign.endpoints))
    finally:
        for name in made:
            database.query("SELECT pg_drop_replication_slot(%s)", [name])
    assert "has no replication slot left" in reported


def test_a_database_without_logical_replication_is_reported(
    foreign: ComposeStack, engine: docker.DockerClient, images: tuple[str, ...]
) -> None:
    image = images[-1].partition("=")[2]
    plain = engine.containers.run(
        image,
        ["postgres"],
        detach=True,
        environment={"POSTGRES_PASSWORD": "postgres"},
        ports={"5432/tcp": (LOOPBACK, choose_port("postgres_port", None, 25_432))},
    )
    try:
        plain.reload()
        assert plain.ports["5432/tcp"]
        port = plain.ports["5432/tcp"][0]["HostPort"]
        url = f"database=postgresql://postgres:postgres@{LOOPBACK}:{port}/postgres"
        reported = ""
        for _ in range(10):
            reported = refused(*addresses(foreign.endpoints), "-D", url)
            if "can't be used" not in reported:
                break
        assert "has no logical replication" in reported
    finally:
        plain.remove(force=True, v=True)
