@delivery @US2.3 @FR-004 @FR-006 @FR-009 @SC-003
Feature: No database change is lost when the broker restarts
  As a developer
  I need to verify that every committed change arrives when the broker restarts
  so that no critical CDC events are lost.

  Scenario Outline: <failure> during database changes loses no change
    Given Debezium is producing CDC events
    When Kafka <what happens> during database changes
    Then all database changes appear in Kafka topics after recovery
    And every event is an envelope with before, after, op and source
    And applying the events in order gives exactly the rows in PostgreSQL
    And changes arrive again within 60 seconds after Kafka is ready

    @smoke @cdc-broker-crash
    Examples: crash
      | failure      | what happens                          |
      | Broker crash | broker crashes (SIGKILL) and restarts |

    @slow
    Examples: graceful restart
      | failure                 | what happens               |
      | Graceful broker restart | broker restarts gracefully |

  @slow @default-heartbeat
  Scenario: Broker crash with Kafka Connect's default heartbeat loses no change
    A Connect worker that cannot reach the broker for heartbeat.interval.ms (3 seconds by default)
    stops its tasks and needs minutes to start them again. The Baseline Configuration sets 20
    seconds. Nothing is lost: PostgreSQL keeps the changes that Debezium has not confirmed. An
    operator who does not want to wait restarts the worker. The test restarts it only if no changes
    have arrived by then.

    Given Debezium is producing CDC events in a worker with Kafka Connect's default heartbeat
    When Kafka broker crashes (SIGKILL) and restarts during database changes, and the worker is restarted 60 seconds later
    Then all database changes appear in Kafka topics after recovery
    And applying the events in order gives exactly the rows in PostgreSQL
    And recovery time of CDC is documented
