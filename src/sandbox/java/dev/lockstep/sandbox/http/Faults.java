package dev.lockstep.sandbox.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults a simulator injects, and how often it did. Thread-safe. */
public final class Faults {

  /** What can go wrong between two systems. */
  public enum Kind {
    /** The call is answered 429 with a wait. */
    TOO_MANY_REQUESTS,
    /** The call is answered 503; nothing is done. */
    SERVICE_UNAVAILABLE,
    /** The call is answered 403: the caller's account may not do this; nothing is done. */
    FORBIDDEN,
    /** The call is answered 500 after it was carried out: the caller can't know. */
    DONE_BUT_FAILED,
    /** The connection is reset before anything is done. */
    RESET,
    /** The connection is reset after the call was carried out. */
    DONE_BUT_RESET,
    /** The answer comes after the caller's patience. */
    TIMEOUT,
    /** A webhook is never sent. */
    WEBHOOK_LOST,
    /** A webhook is sent twice. */
    WEBHOOK_TWICE,
    /** A webhook is held back until the next one went out. */
    WEBHOOK_REORDERED
  }

  /**
   * @param method the HTTP method, or {@code WEBHOOK}
   * @param path the request path, or the webhook's event type
   */
  public record Call(String method, String path) {}

  private record Planned(Kind kind, Predicate<Call> when) {}

  private final Deque<Planned> planned = new ArrayDeque<>();
  private final Map<Kind, Integer> injected = new EnumMap<>(Kind.class);

  /** Plans a fault for the next {@code times} calls that match. */
  public synchronized void next(int times, Kind kind, Predicate<Call> when) {
    for (int i = 0; i < times; i++) {
      planned.add(new Planned(kind, when));
    }
  }

  /** The fault planned for this call, if any; it is then spent and counted. */
  public synchronized Optional<Kind> take(Call call) {
    for (var candidates = planned.iterator(); candidates.hasNext(); ) {
      Planned candidate = candidates.next();
      if (candidate.when().test(call)) {
        candidates.remove();
        injected.merge(candidate.kind(), 1, Integer::sum);
        return Optional.of(candidate.kind());
      }
    }
    return Optional.empty();
  }

  /** How many faults of each kind were really met. */
  public synchronized Map<Kind, Integer> injected() {
    return Map.copyOf(injected);
  }

  /** Forgets what was planned and not yet met. */
  public synchronized void clear() {
    planned.clear();
  }
}
