package dev.lockstep.postmortem.parse.vocabulary;

/** The meaning of a table column, or of a label before a colon. */
public enum ColumnRole {
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

  public String key() {
    return word;
  }
}
