@performance @US1.2 @FR-002 @SC-002 @BENCH-5
Feature: The broker starts quickly
  As a developer
  I need to know how long Kafka takes from start to ready
  so that I can restart it without fear.

  Ready means: the first record was acknowledged and could be fetched. An open port proves
  nothing. Each scenario has a broker of its own beside the stack's.

  Scenario: Cold start of a fresh broker
    Given a Kafka broker is stopped and has no data
    When developer starts Kafka 5 times and measures startup time
    Then broker becomes ready to accept connections in less than 10 seconds every time

  Scenario: Warm restart with existing data
    Given a Kafka broker is stopped gracefully and has existing data
    When developer starts Kafka 5 times and measures startup time
    Then broker becomes ready to accept connections in less than 10 seconds every time
    And the existing data is still there

  @slow
  Scenario: Warm start after a crash is a documented behaviour
    A single broker that crashed must wait until the controller gives up the lease of its
    former self (broker.session.timeout.ms, 9 seconds by default).

    Given a Kafka broker has crashed and has existing data
    When developer starts Kafka and measures startup time
    Then any startup time above 10 seconds is explained by the broker's session lease
    And the existing data is still there

  @slow
  Scenario: A shorter session lease is the remedy after a crash
    Given a Kafka broker with a session lease of 3 seconds has crashed and has existing data
    When developer starts Kafka and measures startup time
    Then broker becomes ready to accept connections in less than 10 seconds
    And the existing data is still there
