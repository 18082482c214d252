package dev.lockstep.inbox;

/** Durable storage of received events until they are processed. */
public interface Inbox {

  /**
   * Stores the event and schedules its subject, in one committed transaction. The event is
   * processed at least once. Receiving the same event again has no effect.
   *
   * @throws org.springframework.dao.DataAccessException when the database fails: nothing was stored
   */
  void receive(InboundEvent event);

  /** Stores a delivery that cannot be parsed as a dead letter, with the same guarantee. */
  void addDeadLetter(UnparseableWebhook delivery);
}
