package dev.lockstep.connector;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of the systems as shown by recent calls. Makes no calls. */
public interface ConnectorHealth {

  /**
   * @param left how many may be made in the rest of this period
   * @param calls how many may be made in each
   */
  record CallBudget(int left, int calls, Duration per) {}

  /**
   * How far a clock is ahead of Lockstep's, as far as one answer tells; negative: behind.
   *
   * @param least if the answer was written when it was received
   * @param most if it was written when the request was sent
   */
  record ClockBounds(Duration least, Duration most) {}

  /**
   * One system's state.
   *
   * @param breaker state of the circuit breaker, for example {@code CLOSED} or {@code OPEN}
   * @param heldUntil until when no calls are made because the system asked to wait; null when not
   *     held
   * @param budget the calls that its rate limit permits
   * @param trouble what an operator must fix before calls can succeed; empty when nothing
   * @param clientBroken whether consecutive calls fail within Lockstep before they are sent
   * @param clock by the {@code Date} header of its last answer; null before the first
   */
  record Health(
      String system,
      String title,
      String breaker,
      @Nullable Instant heldUntil,
      CallBudget budget,
      String trouble,
      boolean clientBroken,
      @Nullable ClockBounds clock) {

    /** Whether calls are being made. */
    public boolean up() {
      return trouble.isEmpty() && !"OPEN".equals(breaker);
    }
  }

  /** One entry per system, sorted by name. */
  List<Health> health();
}
