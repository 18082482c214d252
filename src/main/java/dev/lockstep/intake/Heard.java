package dev.lockstep.intake;

import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Undeliverable;

/** What a delivery turned out to say. */
sealed interface Heard {
  String system();

  /** Printable and short, for logs. */
  String deliveryId();

  record Change(String system, String deliveryId, InboundEvent event) implements Heard {}

  record ActionItem(String system, String deliveryId, ToldActionItem item) implements Heard {}

  /**
   * An event that is not kept.
   *
   * @param outcome {@link Outcome#IGNORED} or {@link Outcome#UNKNOWN_EVENT}
   */
  record Nothing(String system, String deliveryId, String eventType, Outcome outcome)
      implements Heard {}

  record Puzzle(String system, String deliveryId, Undeliverable delivery) implements Heard {}
}
