package dev.lockstep.connector;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Prevents a second create while a record from an attempt with unknown outcome may not be
 * searchable yet (eventually consistent search), also across restarts. Thread-safe.
 */
final class CreateGuard {
  /** An evicted entry waits again, which is safe. */
  private static final int MAX_ENTRIES = 10_000;

  private final Clock clock;

  /** When an empty search result becomes reliable. */
  private final Map<String, Instant> findableAt =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
              return size() > MAX_ENTRIES;
            }
          });

  CreateGuard(Clock clock) {
    this.clock = clock;
  }

  ApiResponse attempt(
      String system, String kind, String correlationId, Supplier<ApiResponse> create) {
    String key = key(system, kind, correlationId);
    try {
      ApiResponse answer = create.get();
      findableAt.remove(key);
      return answer;
    } catch (RetryLaterException | RequestRejectedException nothingDone) {
      findableAt.put(key, Instant.MIN);
      throw nothingDone;
    } catch (RuntimeException doubt) {
      findableAt.remove(key);
      throw doubt;
    }
  }

  /**
   * @throws RetryLaterException until {@code after} has passed since the first call
   */
  void requireFindable(String system, String kind, String correlationId, Duration after) {
    Instant now = clock.instant();
    Instant at =
        findableAt.computeIfAbsent(key(system, kind, correlationId), key -> now.plus(after));
    if (now.isBefore(at)) {
      throw new RetryLaterException(
          Duration.between(now, at),
          "An earlier attempt may have created a record for "
              + correlationId
              + " that is not searchable yet; searching again before creating one");
    }
  }

  private static String key(String system, String kind, String correlationId) {
    return system + "/" + kind + " " + correlationId;
  }
}
