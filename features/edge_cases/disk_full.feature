@edge @EC-1
Feature: The broker runs out of disk space during high-volume CDC
  As a developer
  I need to know what the broker and its producers do when the disk is full
  so that a full disk is an interruption and not a loss.

  The broker of these scenarios has a small file system of its own; that of the host is left alone.

  Scenario Outline: The disk is full of <what>
    Given Kafka broker is running on a small disk
    When test producer sends CDC events until the disk is full of <what>, and space is freed
    Then the broker stops accepting messages and logs a clear error
    And a producer receives an error and can retry after space is freed
    And every message arrives after recovery
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And duplicates, recovery time and stall of the producer are reported

    Examples:
      | what            |
      | the load itself |

    @slow
    Examples: somebody else
      | what                  |
      | another tenant's file |

  @slow
  Scenario: Debezium resumes after the disk was full
    Given Debezium is producing CDC events to a Kafka broker on a small disk
    When the disk is full of another tenant's file during database changes, and space is freed
    Then all database changes appear in Kafka topics after recovery
    And the events fold into the rows that PostgreSQL has, in order
    And the time until changes arrive again is reported
