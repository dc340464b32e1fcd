"""The audit: every table that the team's connectors capture, compared with its topic."""

from __future__ import annotations

from support import clock
from support.audit.auditing import Auditor
from support.audit.memory import LargestMemory
from support.clients.connect import ConnectClient
from support.clients.team_connectors import PostgresConnector
from support.errors import Inconclusive, Unavailable
from support.experiment.experiment import Experiment
from support.experiment.needs_of_team import NO_CONNECTOR
from support.experiment.team import NONE_LEFT
from support.promises.audit import AUDIT_COVERAGE, AUDITED_ROWS
from support.record.audit import AUDIT, AuditRecord
from support.stack.team import connectors_on

SLOT_WAIT_S, TOPIC_WAIT_S, QUIET_S = 150, 30, 10
"""Kafka Connect commits the offsets that a slot confirms once in a minute by default."""


class Audit:
    """Finds the connectors, audits each of them, and records the result. Only reads."""

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._connectors: tuple[PostgresConnector, ...] = ()
        self._left_out: tuple[str, ...] = ()

    def find_connectors(self) -> None:
        """Finds the team's connectors. Raises Unavailable without one, Inconclusive if one is not
        running."""
        ends = self._experiment.stack.endpoints
        client, found = ConnectClient(ends.connect), connectors_on(ends)
        self._connectors, self._left_out = found.judged, found.doubts
        for each in found.left_out:
            self._experiment.progress.say(f"WARNING: {each}")
        if found.left_out and not self._connectors:
            raise Inconclusive(NONE_LEFT, seen="; ".join(found.left_out))
        if not self._connectors:
            raise Unavailable(NO_CONNECTOR.format(database=ends.database.name))
        for connector in self._connectors:
            state = client.state(connector.name)
            if not state.running:
                raise Inconclusive(
                    f"The connector {connector.name} is not running: its topics are not up to "
                    "date, and can't be compared with the tables.",
                    seen=f"connector {state.connector}, tasks {', '.join(state.tasks) or 'none'}",
                    cause=(state.trace.splitlines() or ["somebody stopped or paused it"])[0][:300],
                    then=f"resume or restart it: PUT /connectors/{connector.name}/resume",
                )

    def compare(self) -> None:
        """Audits every connector that was found."""
        experiment, began = self._experiment, clock.now_ns()
        experiment.folder.mkdir(parents=True, exist_ok=True)
        memory = LargestMemory()

        def report(line: str) -> None:
            memory.look()
            experiment.progress.update(line)

        auditor = Auditor(
            experiment.broker,
            experiment.stack.endpoints.database.conninfo,
            experiment.stack.endpoints.database.name,
            experiment.folder,
            report,
            experiment.patience(SLOT_WAIT_S),
            experiment.patience(TOPIC_WAIT_S),
            experiment.patience_at_least(QUIET_S),
        )
        with experiment.progress.phase("comparing every captured table with its topic"):
            audited = tuple(auditor.audit(each) for each in self._connectors)
        seconds = (clock.now_ns() - began) / clock.NS_PER_S
        memory.look()
        record = AuditRecord(audited, seconds, memory.largest, self._left_out)
        experiment.record.write(AUDIT, record)
        experiment.verdicts.judge(AUDITED_ROWS, AUDIT_COVERAGE)
