package dev.lockstep.connector;

/** The names that {@code calls} uses for the calls of a record kind or a reference. */
final class CallNames {
  private CallNames() {}

  static String fetch(String thing) {
    return "fetch-" + thing;
  }

  static String find(String thing) {
    return "find-" + thing;
  }

  static String create(String kind) {
    return "create-" + kind;
  }

  static String update(String kind) {
    return "update-" + kind;
  }

  static String listNotes(String kind) {
    return "list-" + kind + "-notes";
  }

  static String addNote(String kind, String visibility) {
    return "add-" + visibility + "-note-to-" + kind;
  }

  static String merge(String kind) {
    return "merge-" + kind;
  }

  static String link(String kind) {
    return "link-" + kind;
  }

  static String unlink(String kind) {
    return "unlink-" + kind;
  }
}
