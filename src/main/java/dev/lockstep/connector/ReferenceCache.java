package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.lockstep.connector.ConnectorDefinition.Reference;
import dev.lockstep.json.JsonPath;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates between the ids and the keys of what a record refers to (users, groups, services).
 * Caches what the system answered: hits for 30 minutes, absence and refusals for one. Concurrent
 * callers of one key share one request. Thread-safe.
 */
final class ReferenceCache {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceCache.class);

  /** Answers that a permission or a plan explains. */
  private static final Set<Integer> NOT_PERMITTED = Set.of(401, 402, 403);

  private static final Duration FOUND_FOR = Duration.ofMinutes(30);
  private static final Duration ABSENT_FOR = Duration.ofMinutes(1);
  private static final int MAX_ENTRIES = 10_000;

  /**
   * @param values empty when the system knows none
   */
  private record Lookup(List<String> values, @Nullable RequestRejectedException refusal) {
    List<String> valuesOrThrow() {
      if (refusal != null) {
        throw refusal;
      }
      return values;
    }
  }

  private final ConnectorDefinition connector;
  private final Function<ApiCall, ApiResponse> calls;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final AsyncCache<String, Lookup> keys;
  private final AsyncCache<String, Lookup> ids;

  ReferenceCache(
      ConnectorDefinition connector,
      Function<ApiCall, ApiResponse> calls,
      MeterRegistry metrics,
      Clock clock) {
    this.connector = connector;
    this.calls = calls;
    this.metrics = metrics;
    this.clock = clock;
    this.keys = cache(clock);
    this.ids = cache(clock);
  }

  private static AsyncCache<String, Lookup> cache(Clock clock) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_ENTRIES)
        .expireAfter(
            Expiry.<String, Lookup>writing(
                (key, lookup) -> lookup.values().isEmpty() ? ABSENT_FOR : FOUND_FOR))
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .executor(Runnable::run)
        .buildAsync();
  }

  Optional<String> keyOf(String reference, String id) {
    return id.isBlank()
        ? Optional.empty()
        : get(keys, reference + "/" + id, () -> fetchKey(reference, id)).stream().findFirst();
  }

  /**
   * @throws RequestRejectedException when several have this key: which of them is meant is not
   *     guessed
   */
  Optional<String> idOf(String reference, String key) {
    List<String> found = idsOf(reference, key);
    if (found.size() > 1) {
      throw new RequestRejectedException(
          200,
          call(CallNames.find(reference), reference).with("key", key).describe(),
          "%d have this key: %s".formatted(found.size(), String.join(", ", found)),
          "Make the key of each %s in %s unique.".formatted(reference, connector.title()));
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
      AsyncCache<String, Lookup> cache, String key, Supplier<List<String>> source) {
    while (true) {
      CompletableFuture<Lookup> own = new CompletableFuture<>();
      CompletableFuture<Lookup> other = cache.asMap().putIfAbsent(key, own);
      if (other == null) {
        return load(own, source);
      }
      try {
        return other.join().valuesOrThrow();
      } catch (CompletionException e) {
        // The caller waited for has failed and reports it; this one makes its own request.
        cache.asMap().remove(key, other);
      }
    }
  }

  private static List<String> load(
      CompletableFuture<Lookup> lookup, Supplier<List<String>> source) {
    try {
      List<String> values = source.get();
      lookup.complete(new Lookup(values, null));
      return values;
    } catch (RequestRejectedException e) {
      lookup.complete(new Lookup(List.of(), e));
      throw e;
    } catch (Throwable e) {
      lookup.completeExceptionally(e);
      throw e;
    }
  }

  private static void put(AsyncCache<String, Lookup> cache, String key, List<String> values) {
    cache.put(key, CompletableFuture.completedFuture(new Lookup(values, null)));
  }

  private List<String> fetchKey(String name, String id) {
    Reference reference = connector.reference(name);
    ApiCall call = call(CallNames.fetch(name), name).with("id", id);
    Listing found = query(call, name, reference.answer().one());
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
    Reference reference = connector.reference(name);
    ApiCall call = call(CallNames.find(name), name).with("key", key);
    Listing found = query(call, name, reference.answer().many());
    rememberKeys(name, found.items());
    List<String> exact = matching(found.items(), reference, key, false);
    List<String> matches = exact.isEmpty() ? matching(found.items(), reference, key, true) : exact;
    if (matches.isEmpty() && !found.complete()) {
      throw refused(
          call,
          name,
          200,
          "none of the first %d has this key, and there are more".formatted(found.items().size()),
          "Raise `references.%s.page.most` in connector.yaml if %s allows it."
              .formatted(name, connector.title()));
    }
    return matches;
  }

  private static List<String> matching(
      List<JsonNode> found, Reference reference, String key, boolean anyCase) {
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
    Reference reference = connector.reference(name);
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
    Reference reference = connector.reference(name);
    all.stream()
        .filter(item -> !JsonPath.text(item, reference.id()).isEmpty())
        .collect(
            Collectors.groupingBy(
                item -> JsonPath.text(item, reference.key()),
                Collectors.mapping(
                    item -> JsonPath.text(item, reference.id()), Collectors.toList())))
        .forEach((key, found) -> put(ids, name + "/" + key, found));
  }

  private ApiCall call(String call, String name) {
    Reference reference = connector.reference(name);
    return ApiCall.read(connector, call).with("fields", reference.id() + "," + reference.key());
  }

  private RequestRejectedException refused(
      ApiCall call, String name, int status, String answer, String advice) {
    metrics
        .counter("lockstep.lookups.refused", "system", connector.system(), "reference", name)
        .increment();
    LOG.warn(
        "{} refused a look-up, so fields that need it are not synced: {} for {}. {}",
        connector.title(),
        status,
        call.describe(),
        advice);
    return new RequestRejectedException(status, call.describe(), answer, advice);
  }

  /** Where a permission explains the refusal, the one that the look-up needs. */
  private String advice(String name, RequestRejectedException e) {
    String needs = connector.reference(name).needs();
    return needs.isEmpty() || !NOT_PERMITTED.contains(e.status())
        ? e.advice()
        : "Lockstep's account needs " + needs + ".";
  }

  /**
   * @param complete whether there is nothing beyond these
   */
  private record Listing(List<JsonNode> items, boolean complete) {}

  private Listing query(ApiCall call, String name, String path) {
    try {
      return queryAll(call, connector.reference(name).page(), path);
    } catch (RequestRejectedException e) {
      if (e.status() == 404) {
        return new Listing(List.of(), true);
      }
      throw refused(call, name, e.status(), e.answer(), advice(name, e));
    }
  }

  private Listing queryAll(ApiCall call, ListingDefinition.@Nullable Page page, String path) {
    if (page == null) {
      return new Listing(items(call, calls.apply(call), path), true);
    }
    Pager pager = new Pager(page, connector.times());
    List<JsonNode> found = new ArrayList<>();
    PageToken at = PageToken.FIRST;
    while (true) {
      ApiResponse answer =
          calls.apply(pager.addArguments(call, at, Instant.EPOCH, clock.instant()));
      List<JsonNode> items = items(call, answer, path);
      found.addAll(items);
      Optional<PageToken> next = pager.next(at, answer.json(), items, "");
      if (next.isEmpty()) {
        return new Listing(found, !pager.hasMore(at, answer.json(), items.size()));
      }
      if (next.get().equals(at)) {
        throw new SystemUnavailableException(
            connector.title() + " keeps returning the same page of " + call.name());
      }
      at = next.get();
    }
  }

  /** An answer without its list says nothing about what is there. */
  private static List<JsonNode> items(ApiCall call, ApiResponse answer, String path) {
    if (!JsonPath.find(answer.json(), path).isContainerNode()) {
      throw new RequestRejectedException(
          answer.status(),
          call.describe(),
          "an answer without what was asked for: " + ApiCall.truncate(answer.text()),
          "Look at the answer and at what Lockstep's account may read, then retry.");
    }
    return NativeRecords.items(answer.json(), path);
  }
}
