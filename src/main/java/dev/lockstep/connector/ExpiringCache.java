package dev.lockstep.connector;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers answers for a while, absence and refusals for a shorter while; forgets the least
 * recently used when full. While an answer is being got, others who want it wait for that one.
 * Thread-safe.
 */
final class ExpiringCache<V> {
  private static final Duration FOUND = Duration.ofMinutes(30);
  private static final Duration NOT_FOUND = Duration.ofMinutes(1);
  private static final int MOST = 10_000;

  private record Entry<V>(
      Optional<V> value, @Nullable RequestRejectedException refusal, Instant until) {
    Optional<V> valueOrThrow() {
      if (refusal != null) {
        throw refusal;
      }
      return value;
    }
  }

  private final Clock clock;
  private final Map<String, Object> locks = new ConcurrentHashMap<>();
  private final Map<String, Entry<V>> entries =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry<V>> eldest) {
          return size() > MOST;
        }
      };

  ExpiringCache(Clock clock) {
    this.clock = clock;
  }

  /**
   * What {@code source} throws is passed on; {@link RequestRejectedException} is remembered as
   * absence is, anything else is not.
   */
  Optional<V> get(String key, Supplier<Optional<V>> source) {
    Optional<Entry<V>> known = fresh(key);
    if (known.isPresent()) {
      return known.get().valueOrThrow();
    }
    Object lock = locks.computeIfAbsent(key, k -> new Object());
    synchronized (lock) {
      try {
        Optional<Entry<V>> meanwhile = fresh(key);
        if (meanwhile.isPresent()) {
          return meanwhile.get().valueOrThrow();
        }
        Optional<V> value = source.get();
        store(key, value, null);
        return value;
      } catch (RequestRejectedException e) {
        store(key, Optional.empty(), e);
        throw e;
      } finally {
        locks.remove(key, lock);
      }
    }
  }

  void put(String key, V value) {
    store(key, Optional.of(value), null);
  }

  private Optional<Entry<V>> fresh(String key) {
    synchronized (entries) {
      return Optional.ofNullable(entries.get(key))
          .filter(entry -> clock.instant().isBefore(entry.until()));
    }
  }

  private void store(String key, Optional<V> value, @Nullable RequestRejectedException refusal) {
    Instant until = clock.instant().plus(value.isPresent() ? FOUND : NOT_FOUND);
    synchronized (entries) {
      entries.put(key, new Entry<>(value, refusal, until));
    }
  }
}
