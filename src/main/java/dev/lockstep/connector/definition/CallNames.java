package dev.lockstep.connector.definition;

/** The names that {@code calls} uses for the calls of a record kind or a reference. */
public final class CallNames {
  private CallNames() {}

  public static String fetch(String thing) {
    return "fetch-" + thing;
  }

  public static String find(String thing) {
    return "find-" + thing;
  }

  /** Who is on call for something of a kind, such as a schedule. */
  public static String findOnCall(String kind) {
    return "find-on-call-of-" + kind;
  }

  public static String create(String kind) {
    return "create-" + kind;
  }

  public static String update(String kind) {
    return "update-" + kind;
  }

  public static String listNotes(String kind) {
    return "list-" + kind + "-notes";
  }

  /** The call for a single note. */
  public static String fetchNote(String kind) {
    return "fetch-" + kind + "-note";
  }

  /** The call that pins a note of a record. */
  public static String pinNote(String kind) {
    return "pin-" + kind + "-note";
  }

  public static String addNote(String kind, String visibility) {
    return "add-" + visibility + "-note-to-" + kind;
  }

  public static String merge(String kind) {
    return "merge-" + kind;
  }

  public static String link(String kind) {
    return "link-" + kind;
  }

  public static String unlink(String kind) {
    return "unlink-" + kind;
  }
}
