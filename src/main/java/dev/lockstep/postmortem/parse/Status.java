package dev.lockstep.postmortem.parse;

/** The status of an item according to the document. */
public enum Status {
  OPEN,
  DONE,
  /** It will not be done, so it gets no change request. */
  CANCELLED,
  /** The stated status is not understood; an operator has to check it. */
  UNCLEAR
}
