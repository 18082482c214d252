package dev.lockstep.sandbox.pagerduty;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The urgency of an incident. */
public enum Urgency {
  HIGH,
  LOW;

  /** The word the API uses. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Urgency> of(String wire) {
    return Stream.of(values()).filter(urgency -> urgency.wire().equals(wire)).findFirst();
  }
}
