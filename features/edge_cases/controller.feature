@edge @EC-4 @slow
Feature: The KRaft controller is unavailable
  As a developer
  I need to know what a broker does without its controller, and how soon everything works again
  so that I know what an operator has to expect.

  Scenario Outline: The cluster goes through <loss>
    Topics and groups that exist are served as before; what the controller has to decide waits.

    Given Kafka broker is running with a controller in a process of its own
    And a test consumer is consuming messages
    When test producer sends 1000 messages and cluster goes through <loss> at message 500
    Then messages are accepted, delivered and committed all the time
    And nothing that the controller decides is decided until it is back
    And consumer receives all 1000 messages
    And no acknowledged message is lost
    And the recovery time of the controller is reported

    Examples:
      | loss                                               |
      | a crash (SIGKILL) of the controller for 15 seconds |
      | a stop (SIGTERM) of the controller for 15 seconds  |
      | a pause of the controller for 15 seconds           |

  Scenario: The broker is restarted while its controller is away
    A broker can't come up without its controller; it waits for it for 60 seconds.

    Given Kafka broker is running with a controller in a process of its own
    And a test consumer is consuming messages
    When test producer sends 1000 messages and cluster goes through a restart of the broker while the controller is away at message 500
    Then nothing that the controller decides is decided until it is back
    And consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And duplicates, recovery time and stall are reported
    And the recovery time of the controller is reported

  Scenario: A broker that is its own controller goes with it
    This is how a single broker usually runs: the loss of the controller is the loss of the broker.

    Given Kafka broker is running as its own controller
    And a test consumer is consuming messages
    When test producer sends 1000 messages and cluster goes through a crash (SIGKILL) of the controller for 15 seconds at message 500
    Then consumer receives all 1000 messages after broker recovers
    And no acknowledged message is lost
    And duplicates, recovery time and stall are reported
    And the recovery time of the controller is reported
