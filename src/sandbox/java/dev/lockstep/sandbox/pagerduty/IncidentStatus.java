package dev.lockstep.sandbox.pagerduty;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The three states of an incident. */
public enum IncidentStatus {
  TRIGGERED,
  ACKNOWLEDGED,
  RESOLVED;

  /** The word the API uses. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<IncidentStatus> of(String wire) {
    return Stream.of(values()).filter(status -> status.wire().equals(wire)).findFirst();
  }
}
