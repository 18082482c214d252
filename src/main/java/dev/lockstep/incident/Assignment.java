package dev.lockstep.incident;

import dev.lockstep.record.RecordRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Lockstep knows of who leads an incident, besides what its record says. Immutable.
 *
 * @param manager assigned in Lockstep; empty for nobody
 * @param recordNamed whom the record named then; empty for nobody
 * @param assignedAt null if nobody is assigned
 * @param assignedBy empty for Lockstep itself
 * @param active whether the incident needed a manager at the last check
 * @param withoutSince since when it has no manager of its own; null if it has, or needs none
 * @param clash that its manager leads another incident, too; empty if not
 * @param proposed who could lead it; empty for nobody
 * @param proposals how often somebody was proposed
 * @param why how the proposal came about, or why there is none
 * @param escalated how many steps of the escalation were taken since {@code withoutSince}
 */
public record Assignment(
    RecordRef incident,
    String manager,
    String recordNamed,
    @Nullable Instant assignedAt,
    String assignedBy,
    boolean active,
    @Nullable Instant withoutSince,
    String clash,
    String proposed,
    int proposals,
    String why,
    int escalated) {

  /** Nothing is known yet. */
  public static Assignment none(RecordRef incident) {
    return new Assignment(incident, "", "", null, "", false, null, "", "", 0, "", 0);
  }

  /**
   * Who leads the incident: whom its record names, unless somebody was assigned since the record
   * was last edited. Empty for nobody.
   */
  public String manager(IncidentFacts facts) {
    return isInForce(facts) ? manager : facts.manager();
  }

  /** Whether the assignment applies: the record names nobody, or whom it named then. */
  public boolean isInForce(IncidentFacts facts) {
    return !manager.isEmpty() && (facts.manager().isEmpty() || facts.manager().equals(recordNamed));
  }

  /** Somebody is assigned, so that the incident has a manager of its own. */
  public Assignment assigned(String to, IncidentFacts facts, Instant at, String by) {
    return new Assignment(
        incident, to, facts.manager(), at, by, true, null, "", "", proposals, "", 0);
  }

  /** Nobody is assigned any more. */
  public Assignment released() {
    return new Assignment(
        incident,
        "",
        "",
        null,
        "",
        active,
        withoutSince,
        clash,
        proposed,
        proposals,
        why,
        escalated);
  }

  public Assignment withActive(boolean isActive) {
    return new Assignment(
        incident,
        manager,
        recordNamed,
        assignedAt,
        assignedBy,
        isActive,
        withoutSince,
        clash,
        proposed,
        proposals,
        why,
        escalated);
  }

  /** It has a manager of its own, or needs none. */
  public Assignment satisfied() {
    return new Assignment(
        incident,
        manager,
        recordNamed,
        assignedAt,
        assignedBy,
        active,
        null,
        "",
        "",
        proposals,
        "",
        0);
  }

  /**
   * It lacks a manager of its own.
   *
   * @param since for how long, if that is not known yet
   * @param candidate who could lead it; empty for nobody
   */
  public Assignment lacking(Instant since, String newClash, String candidate, String newWhy) {
    boolean isNew = !candidate.isEmpty() && !candidate.equals(proposed);
    return new Assignment(
        incident,
        manager,
        recordNamed,
        assignedAt,
        assignedBy,
        active,
        withoutSince == null ? since : withoutSince,
        newClash,
        candidate,
        isNew ? proposals + 1 : proposals,
        newWhy,
        withoutSince == null ? 0 : escalated);
  }

  public Assignment withEscalated(int steps) {
    return new Assignment(
        incident,
        manager,
        recordNamed,
        assignedAt,
        assignedBy,
        active,
        withoutSince,
        clash,
        proposed,
        proposals,
        why,
        steps);
  }
}
