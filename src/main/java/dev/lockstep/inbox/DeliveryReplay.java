package dev.lockstep.inbox;

/** Takes a delivery that was put aside in again, as if it had just come. */
public interface DeliveryReplay {

  /**
   * @throws IllegalArgumentException when it still can't be understood, saying why
   */
  void replay(UnparseableWebhook delivery);
}
