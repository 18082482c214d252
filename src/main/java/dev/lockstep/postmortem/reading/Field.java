package dev.lockstep.postmortem.reading;

/** What a column, or a label before a colon, is about. */
enum Field {
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

  Field(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
