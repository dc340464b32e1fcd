@edge @EC-4 @slow
Feature: The KRaft controller becomes unavailable
  As a developer
  I need to know what a broker does without its controller, and how soon everything works again
  so that I know what an operator has to expect.

  Scenario Outline: <loss> does not affect producers and consumers
    Existing topics and groups are served as before. Topics can't be created or changed meanwhile.

    Given Kafka broker is running with a separate KRaft controller
    And a test consumer is consuming messages
    When test producer sends 1000 messages and <what happens> at message 500
    Then messages are accepted, delivered and committed without interruption
    And no topic can be created or changed until the controller is back
    And consumer receives all 1000 messages
    And no acknowledged message is lost
    And recovery time of the controller is documented

    Examples:
      | loss                            | what happens                                                |
      | Controller crash for 15 seconds | the controller crashes (SIGKILL) and is down for 15 seconds |
      | Controller stop for 15 seconds  | the controller stops (SIGTERM) and is down for 15 seconds   |
      | Controller pause for 15 seconds | the controller is paused for 15 seconds                     |

  Scenario: Broker crash while the controller is down loses nothing
    A broker cannot start without its controller. It waits for the controller for 60 seconds.

    Given Kafka broker is running with a separate KRaft controller
    And a test consumer is consuming messages
    When test producer sends 1000 messages and broker crashes (SIGKILL) and restarts while the controller is down at message 500
    Then no topic can be created or changed until the controller is back
    And consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And duplicate rate, recovery time and longest stall are documented
    And recovery time of the controller is documented

  Scenario: Crash of broker and controller in one process loses nothing
    A single broker usually is its own controller, so both fail together.

    Given Kafka broker and KRaft controller are running in one process
    And a test consumer is consuming messages
    When test producer sends 1000 messages and the controller crashes (SIGKILL) and is down for 15 seconds at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And duplicate rate, recovery time and longest stall are documented
    And recovery time of the controller is documented
