"""Writes the lock file of another version: `python -m support.stack.artefacts.relock kafka 3.9.2`.

Resolves the transitive dependencies with Maven's rules, downloads everything once and records
the checksums. Review the difference before you commit it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import requests
from jgo.maven import Artifact, MavenContext

from support.errors import Explained, StackError
from support.settings import Settings
from support.settings.versions import debezium_release
from support.stack.artefacts.lockfile import Artefact, Lock, sha256_of

RELOCATED = {"slf4j-log4j12"}
"""Artefacts with a POM but without a file. It refers to slf4j-reload4j, which is a root below."""

SLF4J = "org.slf4j:slf4j-reload4j:1.7.36"
ROOTS = {
    "kafka": [
        "org.apache.kafka:kafka_2.13:{v}",
        "org.apache.kafka:kafka-tools:{v}",
        "org.apache.kafka:connect-runtime:{v}",
        "org.apache.kafka:connect-json:{v}",
        SLF4J,
    ],
}
"""Parts that consist of many jars: the roots are resolved with their dependencies."""

BUNDLES = {
    "debezium": ("io.debezium", "debezium-connector-postgres", "plugin", "tar.gz"),
    "allure": ("io.qameta.allure", "allure-commandline", "", "zip"),
    "jolokia": ("org.jolokia", "jolokia-agent-jvm", "javaagent", "jar"),
}
"""Parts that are one file with all dependencies: group, name, classifier, type."""


class NotServedError(Exception):
    """The repository does not have these artefacts: one line for each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))


def relock(part: str, version: str, cache: Path, mirror: str = "") -> Lock:
    """Resolves the files of a version of a part, downloads them to `cache`, and describes them.

    Raises StackError, with one line for each artefact that the Maven repository does not have.
    """
    remote = {"mirror": mirror.rstrip("/")} if mirror else None
    context = MavenContext(repo_cache=cache, remote_repos=remote)
    try:
        found = _files(context, part, version)
        _download(found)
    except NotServedError as missing:
        raise StackError(
            f"{part} {version} can't be locked: the Maven repository does not have all its files.\n"
            f"{missing}",
            then="lock another version, or name another repository with "
            "KAFKA_VALIDATION_MAVEN_MIRROR=URL",
        ) from missing
    except requests.RequestException as error:
        raise StackError(
            "The Maven repository can't be reached.",
            seen=str(error)[:300],
            then="check the network, or name another repository with "
            "KAFKA_VALIDATION_MAVEN_MIRROR=URL",
        ) from error
    artefacts = sorted((_described(each) for each in found), key=lambda a: a.coordinates)
    return Lock(f"{part}-{version}", tuple(artefacts))


def _files(context: MavenContext, part: str, version: str) -> list[Artifact]:
    """The files of a version of a part. Raises NotServedError for POMs."""
    if part in BUNDLES:
        group, name, classifier, kind = BUNDLES[part]
        return [context.project(group, name).at_version(version).artifact(classifier, kind)]
    roots = [context.create_dependency(root.format(v=version)) for root in ROOTS[part]]
    # Before resolving, which ends with the first of these POMs that is missing.
    _download(root.artifact.component.artifact(packaging="pom") for root in roots)
    try:
        inputs, transitive = context.resolver.resolve(roots)
    except (RuntimeError, ValueError) as error:
        raise NotServedError([f"  dependencies: {error}"]) from error
    found = [
        each.artifact
        for each in [*inputs, *transitive]
        if each.scope in (None, "compile", "runtime") and each.artifact.artifactId not in RELOCATED
    ]
    # The resolver takes an artefact without a POM for one without dependencies.
    _download(each.component.artifact(packaging="pom") for each in found)
    return found


def _download(artifacts: Iterable[Artifact]) -> None:
    """Downloads the files. Raises NotServedError with all that the repository does not have."""
    missing = []
    for each in artifacts:
        try:
            each.resolve()
        except RuntimeError:
            missing.append(f"  not served: {each}")
    if missing:
        raise NotServedError(missing)


def _described(artifact: Artifact) -> Artefact:
    path = Path(artifact.resolve())
    return Artefact(
        group=artifact.groupId,
        name=artifact.artifactId,
        version=artifact.version,
        classifier=artifact.classifier,
        type=artifact.packaging,
        size=path.stat().st_size,
        sha256=sha256_of(path),
    )


def main(arguments: list[str]) -> int:
    parts = [*ROOTS, *BUNDLES]
    if len(arguments) != 2 or arguments[0] not in parts:
        sys.stderr.write(f"usage: relock {{{'|'.join(parts)}}} VERSION\n")
        return 2
    part, version = arguments
    if part == "debezium":
        version = debezium_release(version)
    try:
        with tempfile.TemporaryDirectory() as cache:
            lock = relock(part, version, Path(cache), Settings.load({}).maven_mirror)
    except Explained as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{lock.write()}: {len(lock.artefacts)} artefacts\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
