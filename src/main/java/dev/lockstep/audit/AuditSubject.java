package dev.lockstep.audit;

/**
 * What audit entries are about; stored as {@code kind:id}, for example {@code duplicate:7}.
 *
 * @param kind without a colon and without the wildcards of SQL
 */
public record AuditSubject(String kind, String id) {
  /** The kind of what concerns an incident as a whole; its id is the incident's record. */
  public static final String INCIDENT = "incident";

  public static AuditSubject parse(String text) {
    int colon = text.indexOf(':');
    return new AuditSubject(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return kind + ":" + id;
  }
}
