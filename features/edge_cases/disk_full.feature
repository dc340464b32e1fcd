@edge @EC-1
Feature: The broker runs out of disk space during high-volume CDC
  As a developer
  I need to know what the broker and its producers do when the disk is full
  so that a full disk is an interruption and not a loss.

  These scenarios use a separate broker with a small disk. The disk of the host is not filled.

  Scenario Outline: Broker disk filled by <what> loses no acknowledged message
    Given Kafka broker is running on a small disk
    When test producer sends CDC events until <what happens>, and space is freed
    Then the broker stops accepting messages and logs a clear error
    And producers receive an error and can retry after space is freed
    And every message arrives after recovery
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And duplicate rate, recovery time and longest stall of the producer are documented

    Examples:
      | what       | what happens       |
      | CDC events | they fill the disk |

    @slow
    Examples: another file
      | what         | what happens                |
      | another file | another file fills the disk |

  @slow
  Scenario: Debezium resumes after a full broker disk and loses no change
    Given Debezium is producing CDC events to a Kafka broker on a small disk
    When another file fills the disk during database changes, and space is freed
    Then all database changes appear in Kafka topics after recovery
    And applying the events in order gives exactly the rows in PostgreSQL
    And recovery time of CDC is documented
