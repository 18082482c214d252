package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.definition.CallNames;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ListingDefinition;
import dev.lockstep.connector.definition.OnCallDefinition;
import dev.lockstep.connector.definition.ReferenceDefinition;
import dev.lockstep.json.JsonPath;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up, page by page, the objects that records of one system refer to. */
final class ReferenceLookup {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceLookup.class);

  /** Answers that a permission or a plan explains. */
  private static final Set<Integer> NOT_PERMITTED = Set.of(401, 402, 403);

  private final ConnectorDefinition connector;
  private final Function<ApiCall, ApiResponse> calls;
  private final MeterRegistry metrics;
  private final Clock clock;

  ReferenceLookup(
      ConnectorDefinition connector,
      Function<ApiCall, ApiResponse> calls,
      MeterRegistry metrics,
      Clock clock) {
    this.connector = connector;
    this.calls = calls;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * @throws RequestRejectedException when the system refuses the look-up
   */
  Listing byId(String name, String id) {
    ApiCall call = call(CallNames.fetch(name), name).with("id", id);
    return query(call, name, connector.reference(name).answer().one());
  }

  /**
   * What a search for the key finds, which may be more than what has it.
   *
   * @throws RequestRejectedException when the system refuses the look-up
   */
  Listing byKey(String name, String key) {
    return query(search(name, key), name, connector.reference(name).answer().many());
  }

  /**
   * Those who are on call now.
   *
   * @param id of the schedule or the like
   * @throws RequestRejectedException when the system refuses the look-up, or names nobody by a key
   */
  List<OnCall> onCall(String kind, String id) {
    OnCallDefinition onCall = connector.onCall(kind);
    ApiCall call = ApiCall.read(connector, CallNames.findOnCall(kind)).with("id", id);
    Listing found = query(call, kind, onCall.page(), onCall.needs(), onCall.answer());
    List<OnCall> people = new ArrayList<>();
    for (JsonNode item : found.items()) {
      String person = JsonPath.text(item, onCall.person());
      if (person.isEmpty()) {
        // Someone is on call: to leave them out would be wrong.
        throw new RequestRejectedException(
            200,
            call.describe(),
            "someone on call without %s: %s"
                .formatted(onCall.person(), ApiCall.truncate(item.toString())),
            "Check what Lockstep's account may read of users.");
      }
      people.add(new OnCall(person, level(item, onCall)));
    }
    return people;
  }

  private static int level(JsonNode item, OnCallDefinition onCall) {
    return onCall.level().isEmpty() ? 1 : JsonPath.find(item, onCall.level()).asInt(1);
  }

  private ApiCall search(String name, String key) {
    return call(CallNames.find(name), name).with("key", key);
  }

  /** None of the objects found has the key, and there are more. */
  RequestRejectedException incomplete(String name, String key, int found) {
    return refused(
        search(name, key),
        name,
        200,
        "none of the first %d has this key, and there are more".formatted(found),
        "Raise `references.%s.page.most` in connector.yaml if %s allows it."
            .formatted(name, connector.title()));
  }

  /** Several objects have the key. */
  RequestRejectedException ambiguous(String name, String key, List<String> ids) {
    return new RequestRejectedException(
        200,
        search(name, key).describe(),
        "%d have this key: %s".formatted(ids.size(), String.join(", ", ids)),
        "Make the key of each %s in %s unique.".formatted(name, connector.title()));
  }

  private ApiCall call(String call, String name) {
    ReferenceDefinition reference = connector.reference(name);
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
  private static String advice(String needs, RequestRejectedException e) {
    return needs.isEmpty() || !NOT_PERMITTED.contains(e.status())
        ? e.advice()
        : "Lockstep's account needs " + needs + ".";
  }

  /**
   * @param complete whether there is nothing beyond these
   */
  record Listing(List<JsonNode> items, boolean complete) {}

  private Listing query(ApiCall call, String name, String path) {
    ReferenceDefinition reference = connector.reference(name);
    try {
      return query(call, name, reference.page(), reference.needs(), path);
    } catch (RequestRejectedException e) {
      if (e.status() == 404) {
        return new Listing(List.of(), true);
      }
      throw e;
    }
  }

  private Listing query(
      ApiCall call, String name, ListingDefinition.@Nullable Page page, String needs, String path) {
    try {
      return queryAll(call, page, path);
    } catch (RequestRejectedException e) {
      if (e.status() == 404) {
        throw e;
      }
      throw refused(call, name, e.status(), e.answer(), advice(needs, e));
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
      Optional<PageToken> next = pager.next(at, answer, items, "");
      if (next.isEmpty()) {
        return new Listing(found, !pager.hasMore(at, answer, items.size()));
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
