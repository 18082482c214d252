package dev.lockstep.inbox;

/** Processes a dead-lettered delivery again, as if it had just been received. */
public interface DeliveryReplay {

  /**
   * @throws IllegalArgumentException when it still cannot be parsed; the message says why
   */
  void replay(UnparseableWebhook delivery);
}
