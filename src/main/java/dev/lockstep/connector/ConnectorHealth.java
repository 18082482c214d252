package dev.lockstep.connector;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of the systems as shown by recent calls. Makes no calls. */
public interface ConnectorHealth {

  /**
   * One system's state.
   *
   * @param breaker state of the circuit breaker, for example {@code CLOSED} or {@code OPEN}
   * @param heldUntil until when no calls are made because the system asked to wait; null when not
   *     held
   * @param trouble what an operator must fix before calls can succeed; empty when nothing
   * @param clientBroken whether consecutive calls fail within Lockstep before they are sent
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

  /** One entry per system, sorted by name. */
  List<Health> health();
}
