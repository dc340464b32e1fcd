"""Finds the Docker engine and the Docker Compose command."""

from __future__ import annotations

import re
import shutil
import subprocess

import docker
from docker.errors import DockerException

from support.errors import StackError
from support.settings import environment_for_children

ANSWER_S = 60
OLDEST = (1, 27)
"""The first Compose that reads files without a version number and respects `mem_limit`."""


def connect_engine() -> docker.DockerClient:
    """A client of the engine. Raises StackError, with the cause, if it can't be used."""
    try:
        client = docker.from_env(timeout=120)
        client.ping()
    except DockerException as error:
        message = str(error)
        denied = "permission denied" in message.lower()
        raise StackError(
            "Docker can't be used by this user." if denied else "No Docker engine answers.",
            seen=message[:300],
            cause="this user is not in the group docker"
            if denied
            else "Docker is not installed, or its daemon does not run",
            then="sudo usermod -aG docker $USER, then log in again"
            if denied
            else "start Docker (sudo systemctl start docker), or leave -D target out",
        ) from error
    return client


def compose_command() -> tuple[str, ...]:
    """`docker compose` or `docker-compose`. Raises StackError if there is none, or an old one."""
    seen = []
    for command in (("docker", "compose"), ("docker-compose",)):
        if shutil.which(command[0]) is None:
            continue
        done = subprocess.run(
            [*command, "version", "--short"],
            capture_output=True,
            text=True,
            env=environment_for_children({}),
            timeout=ANSWER_S,
        )
        found = re.match(r"v?(\d+)\.(\d+)", done.stdout.strip())
        if done.returncode == 0 and found:
            if (int(found[1]), int(found[2])) >= OLDEST:
                return command
            seen.append(f"{' '.join(command)} {done.stdout.strip()}")
    raise StackError(
        "Docker Compose is too old." if seen else "There is no Docker Compose.",
        seen=", ".join(seen) or "neither docker compose nor docker-compose",
        wanted=f"{OLDEST[0]}.{OLDEST[1]} or newer",
        then="install the package docker-compose-plugin",
    )
