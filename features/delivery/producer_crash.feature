@delivery @US2.1 @FR-004 @SC-003
Feature: No acknowledged message is lost when the producer crashes
  As a developer
  I need to verify that an acknowledged message is not lost when the producer crashes
  so that a restarted producer needs to send again only what was not acknowledged.

  Scenario: Producer crash during production of 1,000 messages loses no acknowledged message
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer crashes (SIGKILL) at message 500 of 1000 and restarts
    Then consumer receives all 1000 messages
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer receives every message in order and commits only what it has processed
