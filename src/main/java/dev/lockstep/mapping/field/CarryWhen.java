package dev.lockstep.mapping.field;

/** When a field is synced to a side: the values of {@code carried:}. */
public enum CarryWhen {
  ALWAYS("always"),
  AT_CREATION("at-creation"),
  AFTER_CREATION("after-creation"),
  NEVER("never");

  private final String label;

  CarryWhen(String label) {
    this.label = label;
  }

  public static CarryWhen parse(String label) {
    for (CarryWhen value : values()) {
      if (value.label.equals(label)) {
        return value;
      }
    }
    throw new IllegalArgumentException("Not a value of `carried`: " + label);
  }

  boolean afterCreation() {
    return this == ALWAYS || this == AFTER_CREATION;
  }

  boolean atCreation() {
    return this == ALWAYS || this == AT_CREATION;
  }
}
