package dev.lockstep.communication.settings;

/** What decides which of several incidents gets an incident manager first. */
public enum Precedence {
  /** The level that {@code levels} names first. */
  LEVEL,
  /** Major incidents before others. */
  MAJOR,
  LONGEST_OPEN,
  NEWEST
}
