@reporting @smoke
Feature: The reports say what was measured
  As a developer
  I need documented performance baselines and failure behaviors
  so that I can debug issues and optimize the pipeline in the future.

  These scenarios check the reports of the same run.

  @US3.1 @FR-007 @SC-006
  Scenario: The performance report is complete
    Given performance tests are complete
    When developer reviews the performance report
    Then it shows throughput, latency percentiles and resource usage

  @US3.2 @FR-008 @SC-007
  Scenario: The failure test report is complete
    Given delivery guarantee tests are complete
    When developer reviews the failure test report
    Then it documents message loss, duplicate rate and recovery time for each failure scenario

  @US3.3 @FR-012 @SC-006
  Scenario: The recommendations follow from the test results
    Given all tests are complete
    When developer reviews the recommendations
    Then they name every requirement that is not met, every tuning suggestion and the distance to each limit
