package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.connector.Connector.Reference;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds what a system's references name, remembering what it found. */
final class Lookups {
  private final Connector connector;
  private final Function<Call, Answer> calls;
  private final ExpiringCache<String> keys;
  private final ExpiringCache<List<String>> ids;

  Lookups(Connector connector, Function<Call, Answer> calls, Clock clock) {
    this.connector = connector;
    this.calls = calls;
    this.keys = new ExpiringCache<>(clock);
    this.ids = new ExpiringCache<>(clock);
  }

  Optional<String> keyOf(String reference, String id) {
    return id.isBlank()
        ? Optional.empty()
        : keys.get(reference + "/" + id, () -> fetchKey(reference, id));
  }

  Optional<String> idOf(String reference, String key) {
    return idsOf(reference, key).stream().findFirst();
  }

  List<String> idsOf(String reference, String key) {
    return key.isBlank()
        ? List.of()
        : ids.get(reference + "/" + key, () -> findIds(reference, key)).orElse(List.of());
  }

  private Optional<String> fetchKey(String name, String id) {
    Reference reference = connector.reference(name);
    Call call =
        Call.read(connector, KameletNames.fetch(name)).with("id", id).with("fields", fields(name));
    List<JsonNode> found = ask(call, reference.answer().one());
    found.forEach(item -> remember(name, item));
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
    found.forEach(item -> remember(name, item));
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

  /** One way only: that an id has this key does not tell that the key finds it, or it alone. */
  private void remember(String name, JsonNode item) {
    Reference reference = connector.reference(name);
    String id = JsonPaths.text(item, reference.id());
    String key = JsonPaths.text(item, reference.key());
    if (!id.isEmpty() && !key.isEmpty()) {
      keys.put(name + "/" + id, key);
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
