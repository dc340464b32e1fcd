@delivery @US2.3 @FR-004 @FR-006 @FR-009 @SC-003
Feature: No change of the database is lost when the broker restarts
  As a developer
  I need to verify that every committed change arrives after a restart of the broker
  so that the broker is no risk for the data behind it.

  Scenario Outline: The broker goes through <restart> during database changes
    Given Debezium is producing CDC events
    When Kafka broker goes through <restart> during database changes
    Then all database changes appear in Kafka topics after recovery
    And every event is an envelope with before, after, op and source
    And the events fold into the rows that PostgreSQL has, in order
    And changes arrive again within 60 seconds after Kafka is ready

    @cdc-broker-crash
    Examples: crash
      | restart                       |
      | a crash (SIGKILL) and restart |

    @slow
    Examples: in peace
      | restart            |
      | a graceful restart |

  @slow @default-heartbeat
  Scenario: The same with Kafka Connect's default heartbeat
    A worker gives its tasks up when it can't reach the broker for heartbeat.interval.ms (3 seconds
    by default), and takes minutes to have them again. The Baseline Configuration has 20 seconds.
    Nothing is lost: the database keeps what was not confirmed. An operator who does not want to
    wait restarts the worker, unless changes arrive before that.

    Given Debezium is producing CDC events in a worker with Kafka Connect's default heartbeat
    When Kafka broker goes through a crash (SIGKILL) and restart, and the worker is restarted 60 seconds later
    Then all database changes appear in Kafka topics after recovery
    And the events fold into the rows that PostgreSQL has, in order
    And the time until changes arrive again is reported
