"""How our JVMs are started: the wheel's Java, the locked jars, one rolled log each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LOG4J = Path(__file__).parent / "log4j.properties"


@dataclass(frozen=True)
class Jvm:
    """A Java runtime with a class path, ready to run any main class of Kafka's distribution."""

    java: Path
    jars: tuple[Path, ...]

    def command(
        self, main: str, arguments: Iterable[str], *, heap: str, log: Path
    ) -> tuple[str, ...]:
        """The command line; the garbage collector's settings are those of Kafka's own scripts."""
        return (
            str(self.java),
            f"-Xmx{heap}",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true",
            f"-Dlog4j.configuration={LOG4J.as_uri()}",
            f"-Dvalidation.log={log}",
            "-cp",
            ":".join(str(jar) for jar in self.jars),
            main,
            *arguments,
        )
