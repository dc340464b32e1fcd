"""How our JVMs are started: the wheel's Java, the locked jars, one rolled log each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from support.stack.listening import LOOPBACK

LOG4J = Path(__file__).parent / "log4j.properties"


@dataclass(frozen=True)
class Jvm:
    """A Java runtime with a class path, ready to run any main class of Kafka's distribution."""

    java: Path
    jars: tuple[Path, ...]
    jolokia: Path
    """The agent that answers JMX over HTTP when a command asks for it by `jmx_port`."""

    def command(
        self, main: str, arguments: Iterable[str], *, heap: str, log: str, jmx_port: int = 0
    ) -> tuple[str, ...]:
        """The command line; the garbage collector's settings are those of Kafka's own scripts.

        `log`: relative to the folder in which the command is run.
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
            # What it prints is read by us, whatever the language of the machine is.
            "-Duser.language=en",
            "-Duser.country=US",
            f"-Dlog4j.configuration={LOG4J.as_uri()}",
            f"-Dvalidation.log={log}",
            "-cp",
            ":".join(str(jar) for jar in self.jars),
            main,
            *arguments,
        )
