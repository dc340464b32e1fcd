"""Writes the lock file of another version: `python -m support.stack.artefacts.relock kafka 3.9.1`.

Resolves the transitive dependencies with Maven's rules, downloads everything once and records
the checksums. Review the difference before you commit it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from jgo.maven import MavenContext

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
        "org.apache.kafka:trogdor:{v}",
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


def relock(part: str, version: str, cache: Path) -> Lock:
    """Resolve the files of a version of a part, download them to `cache`, and describe them."""
    context = MavenContext(repo_cache=cache)
    if part in BUNDLES:
        group, name, classifier, kind = BUNDLES[part]
        found = [context.project(group, name).at_version(version).artifact(classifier, kind)]
    else:
        roots = [context.create_dependency(root.format(v=version)) for root in ROOTS[part]]
        inputs, transitive = context.resolver.resolve(roots)
        found = [
            d.artifact
            for d in [*inputs, *transitive]
            if d.scope in (None, "compile", "runtime") and d.artifact.artifactId not in RELOCATED
        ]
    artefacts = []
    for artifact in found:
        path = Path(artifact.resolve())
        artefacts.append(
            Artefact(
                group=artifact.groupId,
                name=artifact.artifactId,
                version=artifact.version,
                classifier=artifact.classifier,
                type=artifact.packaging,
                size=path.stat().st_size,
                sha256=sha256_of(path),
            )
        )
    return Lock(f"{part}-{version}", tuple(sorted(artefacts, key=lambda a: a.coordinates)))


def main(arguments: list[str]) -> int:
    parts = [*ROOTS, *BUNDLES]
    if len(arguments) != 2 or arguments[0] not in parts:
        sys.stderr.write(f"usage: relock {{{'|'.join(parts)}}} VERSION\n")
        return 2
    with tempfile.TemporaryDirectory() as cache:
        lock = relock(arguments[0], arguments[1], Path(cache))
    sys.stdout.write(f"{lock.write()}: {len(lock.artefacts)} artefacts\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
