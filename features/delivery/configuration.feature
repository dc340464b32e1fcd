@delivery @US2.1 @FR-004
Feature: The configuration is at-least-once
  As a developer
  I need to know which settings in force weaken at-least-once delivery
  so that I find a wrong setting before it loses data.

  The settings are read from the running broker and topic, and from the clients under test.

  @smoke
  Scenario: No setting of producer, consumer, broker or topic weakens at-least-once delivery
    Given Kafka broker is running
    When developer reads the settings in force
    Then no setting weakens at-least-once delivery

  Scenario: No setting of the Kafka Connect worker weakens at-least-once delivery
    Given Kafka Connect is running, and the settings of its worker are known
    When developer reads the settings in force
    Then no setting of the worker weakens at-least-once delivery
