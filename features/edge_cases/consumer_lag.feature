@edge @EC-3 @FR-010
Feature: A consumer lags significantly behind the producer
  As a developer
  I need to know that Kafka keeps what a slow consumer has not read, and that its lag is visible
  so that a slow consumer is a delay and not a loss.

  Scenario: Consumer group that is 100,000 messages behind catches up and loses nothing
    Given Kafka is running, and a consumer group reads slowly
    When the group falls 100000 messages behind and then consumes at full speed
    Then consumer lag is measured for every partition
    And the group catches up, and its rate is documented
    And the topic keeps messages for 7 days
    And no acknowledged message is lost
    And consumer receives every message in order and commits only what it has processed

  @slow
  Scenario: Consumer lag is visible in Kafka UI
    Given Kafka is running, and a consumer group reads slowly
    When the group falls 1000 messages behind and stops while Kafka UI is running
    Then Kafka UI shows the same lag as Kafka

  @slow
  Scenario: Messages older than 7 days are deleted, and those not yet read are reported as lost
    The broker of this scenario applies its retention policy every second.

    Given a topic has messages that are 8 days, 6 days 23 hours and 0 days old, and a group has read none of them
    When the broker has applied its retention policy
    Then messages older than 7 days are deleted, and newer ones are kept
    And messages that expired before the group read them are counted and reported
