@delivery @control
Feature: Nothing is found where nothing is broken
  As a developer
  I need to see the checker find nothing in a load without a fault
  so that I can trust it when it finds something.

  Scenario: 1000 messages without a fault
    Given Kafka is running with at-least-once config
    And a test consumer is consuming messages
    When test producer sends 1000 messages
    Then consumer receives all 1000 messages
    And no acknowledged message is lost
    And every message in the topic is intact, in order and from the producer
    And the consumer is given every message in order and commits only what it processed
    And nothing is stored or delivered twice
