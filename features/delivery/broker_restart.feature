@delivery @US2.1 @FR-004 @SC-003 @DELIV-1
Feature: Nothing is lost when the broker restarts
  As a developer
  I need to verify at-least-once delivery through a restart of the broker
  so that I can trust the pipeline with critical CDC events.

  Scenario Outline: <restart> in the middle of 1000 messages
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages and broker goes through <restart> at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And consumer keeps its place: it loses no message and skips none
    And duplicates, recovery time and stall are reported

    Examples:
      | restart                       |
      | a graceful restart            |
      | a crash (SIGKILL) and restart |

    @slow
    Examples: broken again
      | restart                                     |
      | two graceful restarts in a row              |
      | a crash and another one during its recovery |
