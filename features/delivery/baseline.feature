@delivery @control
Feature: Without a failure nothing is lost and nothing is duplicated
  As a developer
  I need to see no loss and no duplicates reported when nothing fails
  so that I can trust a report of loss.

  Scenario: Production of 1,000 messages without a failure loses and duplicates nothing
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages
    Then consumer receives all 1000 messages
    And no acknowledged message is lost
    And every message in the topic is exactly what test producer sent, in order
    And consumer receives every message in order and commits only what it has processed
    And no message is stored or delivered twice
