package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.lockstep.connector.ReferenceLookup.Listing;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ReferenceDefinition;
import dev.lockstep.json.JsonPath;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Translates between the ids and the keys of what a record refers to (users, groups, services).
 * Caches what the system answered: hits for 30 minutes unless the reference says otherwise, absence
 * and refusals for at most one. Concurrent callers of one key share one request. Thread-safe.
 */
final class ReferenceCache {
  private static final Duration FOUND_FOR = Duration.ofMinutes(30);
  private static final Duration ABSENT_FOR = Duration.ofMinutes(1);
  private static final int MAX_ENTRIES = 10_000;

  /**
   * @param values empty when the system knows none
   */
  private record Result(List<String> values, @Nullable RequestRejectedException refusal) {
    List<String> valuesOrThrow() {
      if (refusal != null) {
        throw refusal;
      }
      return values;
    }
  }

  private final ConnectorDefinition connector;
  private final ReferenceLookup lookup;
  private final AsyncCache<String, Result> keys;
  private final AsyncCache<String, Result> ids;

  ReferenceCache(
      ConnectorDefinition connector,
      Function<ApiCall, ApiResponse> calls,
      MeterRegistry metrics,
      Clock clock) {
    this.connector = connector;
    this.lookup = new ReferenceLookup(connector, calls, metrics, clock);
    this.keys = cache(clock);
    this.ids = cache(clock);
  }

  private AsyncCache<String, Result> cache(Clock clock) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_ENTRIES)
        .expireAfter(
            Expiry.<String, Result>writing(
                (key, result) -> lifetime(key.substring(0, key.indexOf('/')), result)))
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .executor(Runnable::run)
        .buildAsync();
  }

  private Duration lifetime(String reference, Result result) {
    Duration declared = connector.reference(reference).remembered();
    Duration found = declared == null ? FOUND_FOR : declared;
    return result.values().isEmpty() && found.compareTo(ABSENT_FOR) > 0 ? ABSENT_FOR : found;
  }

  Optional<String> keyOf(String reference, String id) {
    return id.isBlank()
        ? Optional.empty()
        : get(keys, reference + "/" + id, () -> fetchKey(reference, id)).stream().findFirst();
  }

  /** As {@link #keyOf}, for what is not worth failing for. */
  Optional<String> nameOf(String reference, String id) {
    try {
      return keyOf(reference, id);
    } catch (RequestRejectedException e) {
      return Optional.empty();
    }
  }

  /**
   * @throws RequestRejectedException when several have this key: which of them is meant is not
   *     guessed
   */
  Optional<String> idOf(String reference, String key) {
    List<String> found = idsOf(reference, key);
    if (found.size() > 1) {
      throw lookup.ambiguous(reference, key, found);
    }
    return found.stream().findFirst();
  }

  List<String> idsOf(String reference, String key) {
    return key.isBlank()
        ? List.of()
        : get(ids, reference + "/" + key, () -> findIds(reference, key));
  }

  /**
   * The cached values, else those of {@code source}, which runs in the caller's thread and outside
   * the cache's locks, because it stores other entries too. Caches a {@link
   * RequestRejectedException} as it does absence, and no other exception.
   */
  private static List<String> get(
      AsyncCache<String, Result> cache, String key, Supplier<List<String>> source) {
    while (true) {
      CompletableFuture<Result> own = new CompletableFuture<>();
      CompletableFuture<Result> other = cache.asMap().putIfAbsent(key, own);
      if (other == null) {
        return load(own, source);
      }
      try {
        return other.join().valuesOrThrow();
      } catch (CancellationException e) {
        // The caller waited for has failed and reports it; this one makes its own request.
        cache.asMap().remove(key, other);
      }
    }
  }

  private static List<String> load(
      CompletableFuture<Result> result, Supplier<List<String>> source) {
    try {
      List<String> values = source.get();
      result.complete(new Result(values, null));
      return values;
    } catch (RequestRejectedException e) {
      result.complete(new Result(List.of(), e));
      throw e;
    } catch (Throwable e) {
      // Cancelled, since the cache logs any other failure with its stack trace.
      result.cancel(false);
      throw e;
    }
  }

  /** Not cached, since it changes by itself. */
  List<OnCall> onCall(String kind, String id) {
    return lookup.onCall(kind, id);
  }

  private static void put(AsyncCache<String, Result> cache, String key, List<String> values) {
    cache.put(key, CompletableFuture.completedFuture(new Result(values, null)));
  }

  private List<String> fetchKey(String name, String id) {
    ReferenceDefinition reference = connector.reference(name);
    Listing found = lookup.byId(name, id);
    rememberKeys(name, found.items());
    if (found.complete() && found.items().size() > 1) {
      rememberIds(name, found.items());
    }
    return found.items().stream()
        .filter(item -> JsonPath.text(item, reference.id()).equals(id))
        .map(item -> JsonPath.text(item, reference.key()))
        .filter(key -> !key.isEmpty())
        .limit(1)
        .toList();
  }

  /** Search endpoints find more than was asked for; only a whole match counts. */
  private List<String> findIds(String name, String key) {
    ReferenceDefinition reference = connector.reference(name);
    Listing found = lookup.byKey(name, key);
    rememberKeys(name, found.items());
    List<String> exact = matching(found.items(), reference, key, false);
    List<String> matches = exact.isEmpty() ? matching(found.items(), reference, key, true) : exact;
    if (matches.isEmpty() && !found.complete()) {
      throw lookup.incomplete(name, key, found.items().size());
    }
    return matches;
  }

  private static List<String> matching(
      List<JsonNode> found, ReferenceDefinition reference, String key, boolean anyCase) {
    return found.stream()
        .filter(
            item -> {
              String text = JsonPath.text(item, reference.key());
              return anyCase ? text.equalsIgnoreCase(key) : text.equals(key);
            })
        .map(item -> JsonPath.text(item, reference.id()))
        .filter(id -> !id.isEmpty())
        .distinct()
        .toList();
  }

  private void rememberKeys(String name, List<JsonNode> found) {
    ReferenceDefinition reference = connector.reference(name);
    for (JsonNode item : found) {
      String id = JsonPath.text(item, reference.id());
      String key = JsonPath.text(item, reference.key());
      if (!id.isEmpty() && !key.isEmpty()) {
        put(keys, name + "/" + id, List.of(key));
      }
    }
  }

  /** {@code all} must be a complete listing: nothing else can have one of these keys. */
  private void rememberIds(String name, List<JsonNode> all) {
    ReferenceDefinition reference = connector.reference(name);
    all.stream()
        .filter(item -> !JsonPath.text(item, reference.id()).isEmpty())
        .collect(
            Collectors.groupingBy(
                item -> JsonPath.text(item, reference.key()),
                Collectors.mapping(
                    item -> JsonPath.text(item, reference.id()), Collectors.toList())))
        .forEach((key, found) -> put(ids, name + "/" + key, found));
  }
}
