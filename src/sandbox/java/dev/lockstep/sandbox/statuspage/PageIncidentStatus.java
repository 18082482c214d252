package dev.lockstep.sandbox.statuspage;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A status of a realtime incident, with the text that an update gets whose author wrote none. Those
 * of scheduled maintenances are not simulated.
 */
public enum PageIncidentStatus {
  INVESTIGATING("We are currently investigating this issue."),
  IDENTIFIED("The issue has been identified and a fix is being implemented."),
  MONITORING("A fix has been implemented and we are monitoring the results."),
  RESOLVED("This incident has been resolved.");

  private final String statement;

  PageIncidentStatus(String statement) {
    this.statement = statement;
  }

  String statement() {
    return statement;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static PageIncidentStatus of(String word) {
    return Arrays.stream(values())
        .filter(status -> status.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                StatuspageException.invalid(
                    "status must be one of "
                        + Arrays.stream(values())
                            .map(PageIncidentStatus::word)
                            .collect(Collectors.joining(", "))));
  }
}
