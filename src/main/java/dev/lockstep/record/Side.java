package dev.lockstep.record;

/** Which record of a pair: left is the ITSM side, right the platform side. */
public enum Side {
  LEFT,
  RIGHT;

  public Side other() {
    return this == LEFT ? RIGHT : LEFT;
  }

  /** The inverse of {@link #label()}. */
  public static Side parse(String label) {
    return label.equals("left") ? LEFT : RIGHT;
  }

  /** Lower case, as mapping files and the API write it. */
  public String label() {
    return this == LEFT ? "left" : "right";
  }
}
