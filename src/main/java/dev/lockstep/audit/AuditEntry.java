package dev.lockstep.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was done or decided.
 *
 * @param what the kind of event, for example {@code updated}
 * @param text one line for display
 * @param details names and values, in the order in which they are shown; the losing value of a
 *     conflict is kept here
 * @param actor who did it, as the system or the operator named them; empty for Lockstep itself,
 *     except where an answer shows its name
 */
public record AuditEntry(String what, String text, Map<String, String> details, String actor) {
  public AuditEntry {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** An entry by Lockstep itself. */
  public AuditEntry(String what, String text, Map<String, String> details) {
    this(what, text, details, "");
  }
}
