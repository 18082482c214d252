package dev.lockstep.sandbox.pagerduty;

import java.util.List;

/** Something to be done about an incident, as it was at one moment. */
public record IncidentTask(
    String id,
    String incidentId,
    String name,
    String description,
    Status status,
    List<PagerDutyUser> assignees) {

  /** {@code todo} is what PagerDuty's webhook overview shows; the other words are our choice. */
  public enum Status {
    TODO("todo"),
    COMPLETED("completed");

    private final String wire;

    Status(String wire) {
      this.wire = wire;
    }

    String wire() {
      return wire;
    }
  }

  public IncidentTask {
    assignees = List.copyOf(assignees);
  }

  IncidentTask with(String newName, String newDescription, List<PagerDutyUser> newAssignees) {
    return new IncidentTask(id, incidentId, newName, newDescription, status, newAssignees);
  }

  IncidentTask completed() {
    return new IncidentTask(id, incidentId, name, description, Status.COMPLETED, assignees);
  }
}
