@performance @US1.2 @FR-002 @SC-002 @BENCH-5
Feature: The broker starts quickly
  As a developer
  I need to know how long Kafka takes from start to ready
  so that I can restart it without fear.

  Ready means that the first message was acknowledged and could be fetched. An open port is not
  enough. Every scenario starts a separate broker.

  @smoke @cold-start
  Scenario: Cold start of a fresh broker takes less than 10 seconds
    Given a Kafka broker is stopped and has no data
    When developer starts Kafka 5 times and measures startup time
    Then broker becomes ready to accept connections in less than 10 seconds every time

  @warm-start
  Scenario: Warm restart of a broker with existing data takes less than 10 seconds
    Given a Kafka broker is stopped gracefully and has existing data
    When developer starts Kafka 5 times and measures startup time
    Then broker becomes ready to accept connections in less than 10 seconds every time
    And the existing data is still there

  @slow @crash-start
  Scenario: Broker start after a crash takes less than 10 seconds
    A single broker that crashed must wait until the controller ends its session from before the
    crash (broker.session.timeout.ms, 9 seconds by default). A start above 10 seconds is a deviation
    from the specification when the broker's log proves that wait, and a failure otherwise.

    Given a Kafka broker has crashed and has existing data
    When developer starts Kafka and measures startup time
    Then broker becomes ready in less than 10 seconds, or the wait for its session timeout is a deviation
    And the existing data is still there

  @slow @short-session
  Scenario: With a session timeout of 3 seconds a broker start after a crash takes less than 10 seconds
    Given a Kafka broker with a session timeout of 3 seconds has crashed and has existing data
    When developer starts Kafka and measures startup time
    Then broker becomes ready to accept connections in less than 10 seconds
    And the existing data is still there
