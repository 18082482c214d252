package dev.lockstep.communication.vendor;

import dev.lockstep.communication.settings.Vendor;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Until when a vendor is to write its next public comment about an incident, by Lockstep's clock.
 * Immutable; decides nothing but times.
 *
 * @param vendor its name in the settings
 * @param ticket the vendor's record
 * @param level of the incident when the time was last computed
 * @param dueAt null if nothing is expected
 * @param comments how many public comments of the vendor there were
 * @param answeredAt when the last of them was noticed; null before the first
 * @param escalated how many steps were taken since it became due
 */
record VendorWatch(
    RecordRef incident,
    String vendor,
    RecordRef ticket,
    String level,
    @Nullable Instant dueAt,
    int comments,
    @Nullable Instant answeredAt,
    int escalated) {

  /**
   * What is known of an incident and its vendor now.
   *
   * @param expected whether anything is expected: the incident and the vendor's ticket are open
   */
  record Found(RecordRef ticket, String level, int comments, boolean expected) {}

  /** Before anything is expected; comments that are there already answer nothing. */
  static VendorWatch none(RecordRef incident, String vendor, Found found) {
    return new VendorWatch(incident, vendor, found.ticket(), "", null, found.comments(), null, 0);
  }

  VendorWatch follow(Vendor settings, Found found, Instant now) {
    // Comments on another ticket, which were there before, answer nothing.
    boolean isAnswered = found.ticket().equals(ticket) && found.comments() > comments;
    Duration interval = settings.interval(found.level()).orElse(null);
    Instant answered = isAnswered ? now : answeredAt;
    Instant next;
    if (!found.expected() || interval == null) {
      next = null;
    } else if (isAnswered || dueAt == null) {
      next = now.plus(interval);
    } else {
      boolean isRaised =
          settings.interval(level).filter(before -> before.compareTo(interval) > 0).isPresent();
      next = isRaised && now.plus(interval).isBefore(dueAt) ? now.plus(interval) : dueAt;
    }
    return new VendorWatch(
        incident,
        vendor,
        found.ticket(),
        found.level(),
        next,
        found.comments(),
        answered,
        next != null && next.equals(dueAt) ? escalated : 0);
  }

  VendorWatch withEscalated(int steps) {
    return new VendorWatch(incident, vendor, ticket, level, dueAt, comments, answeredAt, steps);
  }

  boolean isOverdue(Instant now) {
    return dueAt != null && dueAt.isBefore(now);
  }
}
