package dev.lockstep.connector;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the running service last received of a system's webhooks. The service is another process,
 * and may be on another machine.
 */
@FunctionalInterface
public interface ServiceWebhooks {

  /**
   * @throws UnknownException if no service can be asked
   */
  Received received(String system);

  /** The message says why in one line. */
  final class UnknownException extends RuntimeException {
    public UnknownException(String why) {
      super(why);
    }
  }

  /**
   * All times but {@code test.occurredAt} are by the service's clock.
   *
   * @param startedAt since when the service has its present settings
   * @param verifiedAt null: none was verified yet
   * @param refused null: none was refused yet
   * @param test null: none was received yet
   */
  record Received(
      Instant now,
      Instant startedAt,
      @Nullable Instant verifiedAt,
      @Nullable Refusal refused,
      @Nullable LastTest test) {
    public Received {
      Objects.requireNonNull(now);
      Objects.requireNonNull(startedAt);
    }
  }

  /**
   * A webhook that was refused; anybody may have sent it.
   *
   * @param reason for example {@code bad-signature}
   */
  record Refusal(Instant at, String reason) {}

  /**
   * The last test webhook whose signature was right.
   *
   * @param id the system's
   * @param occurredAt by the system's clock
   * @param sender the subscription it names; empty if none
   */
  record LastTest(Instant at, String id, Instant occurredAt, String sender) {
    public LastTest {
      Objects.requireNonNull(occurredAt);
    }
  }
}
