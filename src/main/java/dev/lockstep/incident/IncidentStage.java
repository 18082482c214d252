package dev.lockstep.incident;

/** How far an incident is, in this order; it may go back. */
public enum IncidentStage {
  OPEN,
  ACKNOWLEDGED,
  MITIGATED,
  RESOLVED;

  public boolean isAtLeast(IncidentStage other) {
    return compareTo(other) >= 0;
  }
}
