"""Command lines of JVMs: the Java of a wheel, the locked jars, and one rolled log each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from support.stack.listening import LOOPBACK

LOG4J = Path(__file__).parent / "log4j.properties"
LOG4J_2 = LOG4J.with_name("log4j2.properties")
"""Without it Kafka Connect 4 reports an error at its start."""


@dataclass(frozen=True)
class Jvm:
    """A Java runtime with a class path that has every main class of Kafka's distribution."""

    java: Path
    jars: tuple[Path, ...]
    jolokia: Path
    """The agent that serves JMX over HTTP if a command has a `jmx_port`."""

    def command(
        self, main: str, arguments: Iterable[str], *, heap: str, log: str, jmx_port: int = 0
    ) -> tuple[str, ...]:
        """The command line of a main class, with the garbage collector settings of Kafka's scripts.

        `log`: relative to the folder in which the command is run. `jmx_port`: 0 for none.
        """
        agent = f"-javaagent:{self.jolokia}=host={LOOPBACK},port={jmx_port},discoveryEnabled=false"
        return (
            str(self.java),
            *([agent] if jmx_port else []),
            f"-Xmx{heap}",
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true",
            # The suite reads its output, whatever the language of the machine is.
            "-Duser.language=en",
            "-Duser.country=US",
            f"-Dlog4j.configuration={LOG4J.as_uri()}",
            f"-Dlog4j2.configurationFile={LOG4J_2.as_uri()}",
            f"-Dvalidation.log={log}",
            "-cp",
            ":".join(str(jar) for jar in self.jars),
            main,
            *arguments,
        )
