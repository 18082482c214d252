package dev.lockstep.postmortem.parse;

/** What a document says of an item's progress. */
public enum Status {
  OPEN,
  DONE,
  /** It will not be done, so it gets no change request. */
  CANCELLED,
  /** Something is said that is not understood; an operator has to look. */
  UNCLEAR
}
