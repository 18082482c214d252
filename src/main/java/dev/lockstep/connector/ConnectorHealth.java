package dev.lockstep.connector;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the systems are doing, as their calls of late have shown. Makes no calls. */
public interface ConnectorHealth {

  /**
   * One system's state.
   *
   * @param breaker state of the circuit breaker, for example {@code CLOSED} or {@code OPEN}
   * @param heldUntil until when it asked to be left alone; null when it did not
   * @param trouble what an operator must fix before any call can succeed; empty when nothing
   * @param clientBroken whether calls fail within Lockstep, one after another, before they are made
   */
  record Health(
      String system,
      String title,
      String breaker,
      @Nullable Instant heldUntil,
      String trouble,
      boolean clientBroken) {

    /** Whether calls are being made. */
    public boolean up() {
      return trouble.isEmpty() && !"OPEN".equals(breaker);
    }
  }

  /** One per system, in the order of their names. */
  List<Health> health();
}
