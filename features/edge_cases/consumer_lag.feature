@edge @EC-3 @FR-010
Feature: A consumer lags significantly behind the producer
  As a developer
  I need to know that what a slow consumer has not read yet is kept, and that its lag is seen
  so that a slow consumer is a delay and not a loss.

  Scenario: A group is 100000 messages behind and catches up
    Given Kafka is running, and a consumer group reads slowly
    When the group falls 100000 messages behind, and is let go
    Then its lag is measured by Kafka's own word, partition by partition
    And the group catches up, and its rate is reported
    And the topic keeps messages for 7 days
    And no acknowledged message is lost
    And the consumer is given every message in order and commits only what it processed

  @slow
  Scenario: The lag is visible in Kafka UI
    Given Kafka is running, and a consumer group reads slowly
    When the group falls 1000 messages behind, and stops while Kafka UI is on
    Then Kafka UI shows the lag that Kafka has

  @slow
  Scenario: Messages older than 7 days are deleted, and a group that was too slow loses them
    The broker of this scenario looks for old messages every second.

    Given a topic has messages of 8 days, of 6 days and 23 hours, and of now, and a group that has read none
    When the broker has looked for old messages
    Then messages older than 7 days are deleted, and the others stay
    And what was deleted before the group had read it is reported as lost to retention
