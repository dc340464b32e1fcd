@delivery @US2.1 @FR-004 @SC-003 @DELIV-1
Feature: No message is lost when the broker restarts
  As a developer
  I need to verify at-least-once delivery when the broker restarts
  so that I can trust the pipeline with critical CDC events.

  Scenario Outline: <failure> during production of 1,000 messages loses nothing
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and <what happens> at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer keeps its position and skips no message
    And duplicate rate, recovery time and longest stall are documented

    Examples:
      | failure                 | what happens               |
      | Graceful broker restart | broker restarts gracefully |

    @smoke
    Examples: crash
      | failure      | what happens                          |
      | Broker crash | broker crashes (SIGKILL) and restarts |

    @slow
    Examples: two failures in a row
      | failure                        | what happens                                                   |
      | Double graceful broker restart | broker restarts gracefully twice in a row                      |
      | Double broker crash            | broker crashes (SIGKILL) and crashes again during its recovery |
