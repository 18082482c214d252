package dev.lockstep.communication.settings;

/**
 * What a system is asked for who is on call.
 *
 * @param kind one of those that the system's connector declares, for example {@code schedule}
 * @param id of the schedule or the like, in its system
 */
public record OnCallSource(String system, String kind, String id) {
  @Override
  public String toString() {
    return "%s %s of %s".formatted(kind, id, system);
  }
}
