@delivery @US2.1 @FR-004
Feature: The configuration can keep the promise
  As a developer
  I need to know which settings in force weaken at-least-once delivery
  so that I find a wrong one before it loses data.

  Asked are the broker and the topic themselves, and the clients as they are used.

  Scenario: At-least-once settings of producer, consumer, broker and topic
    Given Kafka broker is running
    When developer reads the settings in force
    Then no setting weakens at-least-once delivery
