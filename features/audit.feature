@delivery @audit
Feature: Every captured table equals the state that its topic holds
  As a developer
  I need to know that readers of our topics have what is in our database
  so that a lost, invented or altered row is found before they act on it.

  Only reads: no topic, no replication slot, no table and no consumer group is created. Tables are
  read in one REPEATABLE READ transaction, topics up to the same point in the write-ahead log.

  Scenario: Rows folded from each topic equal the rows of its table while both are live
    Given the team's connector is running
    When every captured table is compared with its topic at one point in the write-ahead log
    Then no row is missing in its topic, surplus or different
    And what could not be compared is named
