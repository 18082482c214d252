package dev.lockstep.duplicates;

/** Two tickets of which one may be the other's duplicate. */
final class Duplicate {

  /** Where it is in its life; the column {@code duplicate.state}. */
  enum State {
    /** Waits for a person to accept or reject it. */
    PROPOSED,
    /** Decided; the systems are being told. */
    JOINING,
    /** Consolidated: the duplicate hangs under its primary and follows it. */
    JOINED,
    /** Being taken out again. */
    LEAVING,
    /** Taken out by a person: never proposed again. */
    SPLIT,
    /** Rejected by a person: never proposed again. */
    REJECTED,
    /** No longer alike, or over; may be proposed again. */
    WITHDRAWN
  }

  private Duplicate() {}
}
