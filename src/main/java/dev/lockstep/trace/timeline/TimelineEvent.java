package dev.lockstep.trace.timeline;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One line of a timeline.
 *
 * @param at by Lockstep's clock
 * @param dated as it was dated, by the clock of the system {@code clock}
 * @param clock the system that dated it; {@link #LOCKSTEP} for Lockstep itself
 * @param system where it happened, or {@link #LOCKSTEP}
 * @param record the key of the record that it concerns
 * @param what one word, for example {@code opened}, {@code note}, {@code updated}
 * @param text may have several lines
 * @param by who did it, as its system names them; empty for Lockstep itself, and if unknown
 * @param internal whether it is for operators only
 * @param details names and values, sorted by name
 */
public record TimelineEvent(
    Instant at,
    Instant dated,
    String clock,
    String system,
    String record,
    String what,
    String text,
    String by,
    Weight weight,
    boolean internal,
    Map<String, String> details) {
  public static final String LOCKSTEP = "lockstep";

  /** How much of a timeline one wants to see to see this. */
  public enum Weight {
    /** A turning point, for example the opening or a resolution. */
    MILESTONE,
    /** What people did, and decisions. */
    EVENT,
    /** What Lockstep did to keep the records in sync. */
    DETAIL
  }

  public TimelineEvent {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }

  /** An event that Lockstep dated. */
  public static TimelineEvent own(Instant at, String record, String what, String text, String by) {
    return new TimelineEvent(
        at, at, LOCKSTEP, LOCKSTEP, record, what, text, by, Weight.EVENT, false, Map.of());
  }

  /** An event that happened in a system, which dated it. */
  public static TimelineEvent of(
      String system, Instant dated, String record, String what, String text, String by) {
    return new TimelineEvent(
        dated, dated, system, system, record, what, text, by, Weight.EVENT, false, Map.of());
  }

  /** By Lockstep's clock. */
  public TimelineEvent at(Instant own) {
    return new TimelineEvent(
        own, dated, clock, system, record, what, text, by, weight, internal, details);
  }

  /** It happened in that system, whichever system dated it. */
  public TimelineEvent in(String place) {
    return new TimelineEvent(
        at, dated, clock, place, record, what, text, by, weight, internal, details);
  }

  public TimelineEvent withWeight(Weight other) {
    return new TimelineEvent(
        at, dated, clock, system, record, what, text, by, other, internal, details);
  }

  public TimelineEvent forOperators(boolean only) {
    return new TimelineEvent(
        at, dated, clock, system, record, what, text, by, weight, only, details);
  }

  public TimelineEvent withText(String other) {
    return new TimelineEvent(
        at, dated, clock, system, record, what, other, by, weight, internal, details);
  }

  public TimelineEvent withDetails(Map<String, String> other) {
    return new TimelineEvent(
        at, dated, clock, system, record, what, text, by, weight, internal, other);
  }
}
