"""Finds the team's connectors on the database of a stack."""

from __future__ import annotations

from support.clients.connect import ConnectClient
from support.clients.database import Database
from support.clients.replication_slots import slots_of
from support.clients.team_connectors import TeamConnectors, team_connectors
from support.stack.addresses import Endpoints


def connectors_on(ends: Endpoints) -> TeamConnectors:
    """Returns the team's connectors; with the setting team_connector only that one.

    Raises StackError if Kafka Connect does not answer, or has no connector of that name.
    """
    slots = slots_of(Database(ends.database.conninfo))
    return team_connectors(ConnectClient(ends.connect), ends.database, slots, ends.team_connector)
