package dev.lockstep.mapping;

/** When a side takes a field, as {@code carried:} says. */
enum CarryWhen {
  ALWAYS("always"),
  AT_CREATION("at-creation"),
  AFTER_CREATION("after-creation"),
  NEVER("never");

  private final String word;

  CarryWhen(String word) {
    this.word = word;
  }

  static CarryWhen of(String word) {
    for (CarryWhen carried : values()) {
      if (carried.word.equals(word)) {
        return carried;
      }
    }
    throw new IllegalArgumentException("Not a time to carry a field: " + word);
  }

  boolean later() {
    return this == ALWAYS || this == AFTER_CREATION;
  }

  boolean atCreation() {
    return this == ALWAYS || this == AT_CREATION;
  }
}
