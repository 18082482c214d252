package dev.lockstep.inbox;

/** Where everything heard is kept until it is dealt with. */
public interface Inbox {

  /**
   * Keeps the event and wakes its pair. When this returns the event survives a crash; it is worked
   * on at least once. Hearing the same again is harmless.
   *
   * @throws org.springframework.dao.DataAccessException when the database can't take it: nothing
   *     was kept
   */
  void receive(InboundEvent event);

  /** Keeps a delivery nobody can make sense of as a dead letter. Same guarantee. */
  void addDeadLetter(UnparseableWebhook delivery);
}
