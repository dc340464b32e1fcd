@delivery @US2.1 @FR-004 @SC-003
Feature: Nothing is lost when the producer crashes
  As a developer
  I need to verify that what the producer was told is stored outlives the producer
  so that its restart needs to send again only what was not confirmed.

  Scenario: A producer is killed in the middle of 1000 messages and started again
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer crashes (SIGKILL) at message 500 of 1000 and is started again
    Then consumer receives all 1000 messages
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And the consumer is given every message in order and commits only what it processed
