@delivery @US2.3 @FR-006 @FR-009 @SC-003 @DELIV-4
Feature: Debezium resumes from its last committed offset
  As a developer
  I need to verify that CDC resumes from its last committed offset
  so that a restart of Debezium, of Kafka Connect or of the database loses nothing.

  Scenario Outline: <failure> during database changes loses no change
    Given Debezium is producing CDC events
    When <what happens> during database changes
    Then all database changes appear in Kafka topics after recovery
    And every event is an envelope with before, after, op and source
    And applying the events in order gives exactly the rows in PostgreSQL
    And CDC resumes from the last committed offset, without another snapshot
    And recovery time of CDC is documented

    Examples:
      | failure                           | what happens                        |
      | Restart of the Debezium connector | the Debezium connector is restarted |

    @cdc-worker-crash
    Examples: worker crash
      | failure                     | what happens                                      |
      | Crash of the Connect worker | the Connect worker crashes (SIGKILL) and restarts |

    @slow
    Examples: more restarts
      | failure                                     | what happens                               |
      | Restart of the Debezium task                | the Debezium task is restarted             |
      | Graceful restart of the Connect worker      | the Connect worker is restarted gracefully |
      | Outage of the Connect worker for 20 seconds | the Connect worker is down for 20 seconds  |
      | Graceful restart of PostgreSQL              | PostgreSQL is restarted gracefully         |
      | Crash of PostgreSQL                         | PostgreSQL crashes (SIGKILL) and restarts  |

  @slow
  Scenario Outline: Crash of the Connect worker in the middle of <many rows> loses no row
    All rows of one statement can share one position in the database's log. After a crash between
    them Debezium resumes before the first, and rows are sent again.

    Given Debezium's initial snapshot is complete
    When the Connect worker crashes (SIGKILL) and restarts in the middle of <many rows>
    Then all database changes appear in Kafka topics after recovery
    And every event is an envelope with before, after, op and source
    And applying the events in order gives exactly the rows in PostgreSQL

    Examples:
      | many rows                         |
      | one COPY                          |
      | one INSERT                        |
      | one transaction of single INSERTs |

  @slow
  Scenario: Crash of the Connect worker during Debezium's snapshot loses no row
    Debezium starts the snapshot again, and rows that were already sent are sent once more.

    Given 100000 rows are in the tables videos, users and comments
    When the Connect worker crashes (SIGKILL) and restarts during Debezium's snapshot
    Then every row is in Kafka exactly as in PostgreSQL
