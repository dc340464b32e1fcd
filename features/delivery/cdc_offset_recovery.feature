@delivery @US2.3 @FR-006 @FR-009 @SC-003 @DELIV-4
Feature: Debezium goes on where it was
  As a developer
  I need to verify that CDC resumes from its last committed offset
  so that a restart of Debezium, of Kafka Connect or of the database loses nothing.

  Scenario Outline: Debezium goes through <restart> during database changes
    Given Debezium is producing CDC events
    When Debezium goes through <restart> during database changes
    Then all database changes appear in Kafka topics after recovery
    And every event is an envelope with before, after, op and source
    And the events fold into the rows that PostgreSQL has, in order
    And CDC resumes from the last committed offset, without another snapshot
    And the time until changes arrive again is reported

    Examples:
      | restart                    |
      | a restart of the connector |

    @cdc-worker-crash
    Examples: crash of the worker
      | restart                                 |
      | a crash (SIGKILL) of the Connect worker |

    @slow
    Examples: more of each
      | restart                                         |
      | a restart of its task                           |
      | a graceful restart of the Connect worker        |
      | an absence of the Connect worker for 20 seconds |
      | a graceful restart of PostgreSQL                |
      | a crash (SIGKILL) of PostgreSQL                 |

  @slow
  Scenario Outline: Debezium's worker crashes in the middle of <many rows>
    The rows of one statement can share one position in the database's log, so a restart between
    them has no position to go on from but the one before them all.

    Given Debezium has captured the tables
    When Debezium goes through a crash (SIGKILL) of the Connect worker in the middle of the rows of <many rows>
    Then all database changes appear in Kafka topics after recovery
    And every event is an envelope with before, after, op and source
    And the events fold into the rows that PostgreSQL has, in order

    Examples:
      | many rows                         |
      | one COPY                          |
      | one INSERT                        |
      | one transaction of single INSERTs |

  @slow
  Scenario: Debezium's worker crashes in the middle of a snapshot
    Debezium begins the snapshot again: rows that were there already are sent once more.

    Given 100000 rows are in the tables videos, users and comments
    When Debezium's snapshot goes through a crash (SIGKILL) of the Connect worker
    Then every row is in Kafka exactly as in PostgreSQL
