package dev.lockstep.mapping;

/** When a side takes a field, as {@code carried:} says. */
enum CarryWhen {
  ALWAYS("always"),
  AT_CREATION("at-creation"),
  AFTER_CREATION("after-creation"),
  NEVER("never");

  private final String label;

  CarryWhen(String word) {
    this.label = word;
  }

  static CarryWhen parse(String word) {
    for (CarryWhen carried : values()) {
      if (carried.label.equals(word)) {
        return carried;
      }
    }
    throw new IllegalArgumentException("Not a time to carry a field: " + word);
  }

  boolean afterCreation() {
    return this == ALWAYS || this == AFTER_CREATION;
  }

  boolean atCreation() {
    return this == ALWAYS || this == AT_CREATION;
  }
}
