package dev.lockstep.publish;

/** What has become of a message. */
public enum MessageState {
  /** It is sent as soon as its channel takes it. */
  WAITING,
  /** Its channel has taken it. */
  SENT,
  /** Its channel refused it: it waits for an operator. */
  DEAD_LETTER,
  /** An operator decided that it is not to be sent. */
  DISCARDED
}
