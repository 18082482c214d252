package dev.lockstep.sync;

import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Snapshot;

/**
 * The note that Lockstep writes on a record when it links it. It names the counterpart, also where
 * a record's correlation id cannot be changed.
 */
final class LinkNote {
  private LinkNote() {}

  /**
   * @param title display name of the counterpart's system
   */
  static String text(String title, Snapshot counterpart) {
    String where = counterpart.url().isEmpty() ? "" : ": " + counterpart.url();
    return naming(title, counterpart) + where;
  }

  /** The name under which the note to a record that shares no pair with it is stored. */
  static String name(RecordRef target) {
    return "lockstep:linked:" + target;
  }

  private static String naming(String title, Snapshot counterpart) {
    return "Kept in sync with %s %s".formatted(title, counterpart.key());
  }

  /** Whether a note on a record is that of its link to the counterpart. */
  static boolean isAbout(String shown, String title, Snapshot counterpart) {
    String named = naming(title, counterpart);
    String first = shown.lines().findFirst().orElse("").strip();
    return NoteMark.ofWriter(shown).isPresent()
        && (first.equals(named) || first.startsWith(named + ":"));
  }
}
