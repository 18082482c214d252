package dev.lockstep.intake;

import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Undeliverable;

/** What a delivery turned out to say. */
sealed interface Heard {
  String system();

  /** Printable and short, for logs. */
  String deliveryId();

  /**
   * @param delivery it was read from
   */
  record Change(String system, String deliveryId, InboundEvent event, Delivery delivery)
      implements Heard {}

  /**
   * @param delivery it was read from
   */
  record ActionItem(String system, String deliveryId, ToldActionItem item, Delivery delivery)
      implements Heard {}

  /**
   * An event that is not kept.
   *
   * @param outcome {@link Outcome#IGNORED} or {@link Outcome#UNKNOWN_EVENT}
   */
  record Nothing(String system, String deliveryId, String eventType, Outcome outcome)
      implements Heard {}

  record Puzzle(String system, String deliveryId, Undeliverable delivery) implements Heard {}
}
