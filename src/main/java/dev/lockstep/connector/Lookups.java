package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Connector.Reference;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds what a system's references name, remembering what it found. */
final class Lookups {
  private final Connector connector;
  private final Function<Call, Answer> calls;
  private final ExpiringCache<String> keys;
  private final ExpiringCache<String> ids;
  private final ExpiringCache<List<String>> matches;

  Lookups(Connector connector, Function<Call, Answer> calls, Clock clock) {
    this.connector = connector;
    this.calls = calls;
    this.keys = new ExpiringCache<>(clock);
    this.ids = new ExpiringCache<>(clock);
    this.matches = new ExpiringCache<>(clock);
  }

  Optional<String> keyOf(String reference, String id) {
    return id.isBlank()
        ? Optional.empty()
        : keys.get(reference + "/" + id, () -> fetchKey(reference, id));
  }

  Optional<String> idOf(String reference, String key) {
    return key.isBlank()
        ? Optional.empty()
        : ids.get(reference + "/" + key, () -> idsOf(reference, key).stream().findFirst());
  }

  List<String> idsOf(String reference, String key) {
    return key.isBlank()
        ? List.of()
        : matches.get(reference + "/" + key, () -> findIds(reference, key)).orElse(List.of());
  }

  private Optional<String> fetchKey(String name, String id) {
    Reference reference = connector.reference(name);
    Call call =
        Call.read(connector, KameletNames.fetch(name)).with("id", id).with("fields", fields(name));
    List<JsonNode> found = ask(call, reference.answer().one());
    // A listing shows what may be chosen; one thing asked for by its id may be past that.
    remember(name, found, found.size() > 1);
    return found.stream()
        .filter(item -> JsonPaths.text(item, reference.id()).equals(id))
        .map(item -> JsonPaths.text(item, reference.key()))
        .filter(key -> !key.isEmpty())
        .findFirst();
  }

  /** Search endpoints find more than was asked for; only a whole match counts. */
  private Optional<List<String>> findIds(String name, String key) {
    Reference reference = connector.reference(name);
    Call call =
        Call.read(connector, KameletNames.find(name)).with("key", key).with("fields", fields(name));
    List<JsonNode> found = ask(call, reference.answer().many());
    remember(name, found, true);
    List<String> exact = matching(found, reference, key, false);
    List<String> ids = exact.isEmpty() ? matching(found, reference, key, true) : exact;
    return Optional.of(ids).filter(some -> !some.isEmpty());
  }

  private static List<String> matching(
      List<JsonNode> found, Reference reference, String key, boolean anyCase) {
    return found.stream()
        .filter(
            item -> {
              String text = JsonPaths.text(item, reference.key());
              return anyCase ? text.equalsIgnoreCase(key) : text.equals(key);
            })
        .map(item -> JsonPaths.text(item, reference.id()))
        .filter(id -> !id.isEmpty())
        .distinct()
        .toList();
  }

  private void remember(String name, List<JsonNode> found, boolean onOffer) {
    Reference reference = connector.reference(name);
    Map<String, String> first = new HashMap<>();
    for (JsonNode item : found) {
      String id = JsonPaths.text(item, reference.id());
      String key = JsonPaths.text(item, reference.key());
      if (!id.isEmpty() && !key.isEmpty()) {
        keys.put(name + "/" + id, key);
        first.putIfAbsent(key, id);
      }
    }
    if (onOffer) {
      first.forEach((key, id) -> ids.put(name + "/" + key, id));
    }
  }

  private String fields(String name) {
    Reference reference = connector.reference(name);
    return reference.id() + "," + reference.key();
  }

  private List<JsonNode> ask(Call call, String path) {
    try {
      return NativeRecords.items(calls.apply(call).json(), path);
    } catch (Rejected e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }
}
