package dev.lockstep.pair;

import java.util.Map;

/**
 * One entry of a pair's audit.
 *
 * @param what one word, for example {@code updated}
 * @param text one line for display
 * @param details field names and values; the losing value of a conflict is kept here
 */
public record AuditEntry(String what, String text, Map<String, String> details) {
  public AuditEntry {
    details = Map.copyOf(details);
  }
}
