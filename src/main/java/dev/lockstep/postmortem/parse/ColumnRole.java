package dev.lockstep.postmortem.parse;

/** What a column, or a label before a colon, is about. */
enum ColumnRole {
  ACTION("action"),
  OWNER("owner"),
  DUE("due date"),
  TICKET("ticket"),
  PRIORITY("priority"),
  STATUS("status"),
  ID("id"),
  LABEL("label"),
  TIME("time"),
  QUESTION("question"),
  OTHER("text");

  private final String word;

  ColumnRole(String word) {
    this.word = word;
  }

  String key() {
    return word;
  }
}
