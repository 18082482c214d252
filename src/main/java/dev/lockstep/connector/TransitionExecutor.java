package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Updates a record that has a field changed by transitions, such as a Jira status. Fields on the
 * transition's screen are sent with it, the others are written before. A crash in between is
 * harmless: the next comparison finds the remaining difference, and a record already in the target
 * state is not moved.
 */
final class TransitionExecutor {
  private final ConnectorDefinition connector;
  private final TransitionDefinition how;
  private final SystemClient calls;
  private final Edits edits;

  /** The plain calls for that record. */
  interface Edits {
    NativeRecord edit(ObjectNode body);

    NativeRecord fetch(Set<String> more);
  }

  TransitionExecutor(
      ConnectorDefinition connector, TransitionDefinition how, SystemClient calls, Edits edits) {
    this.connector = connector;
    this.how = how;
    this.calls = calls;
    this.edits = edits;
  }

  NativeRecord update(RecordRef ref, ObjectNode body) {
    String wanted = JsonPath.take(body, how.field()).asText("");
    ObjectNode along = body.objectNode();
    for (String path : how.onlyWith()) {
      JsonNode value = JsonPath.take(body, path);
      if (!value.isMissingNode()) {
        JsonPath.put(along, path, value);
      }
    }
    return wanted.isEmpty() ? editOrFetch(body) : move(ref, body, along, wanted);
  }

  private NativeRecord editOrFetch(ObjectNode body) {
    return body.isEmpty() ? edits.fetch(Set.of()) : edits.edit(body);
  }

  private NativeRecord move(RecordRef ref, ObjectNode body, ObjectNode along, String wanted) {
    List<JsonNode> moves =
        NativeRecords.items(
            calls.call(ApiCall.read(connector, how.list()).on(ref)).json(), how.answer());
    JsonNode move =
        moves.stream()
            .filter(each -> JsonPath.text(each, how.to()).equals(wanted))
            .findFirst()
            .orElse(null);
    NativeRecord now = edits.fetch(move == null ? Set.of() : required(move));
    if (JsonPath.text(now.json(), how.field()).equals(wanted)) {
      return body.isEmpty() ? now : edits.edit(body);
    }
    if (move == null) {
      throw unreachable(now, wanted, moves);
    }
    ObjectNode sent = request(move);
    for (String path : screen(move)) {
      JsonNode value = JsonPath.take(body, path);
      if (value.isMissingNode()) {
        value = JsonPath.find(along, path);
      }
      if (!value.isMissingNode()) {
        JsonPath.put(sent, path, value);
      }
    }
    requireComplete(move, sent, now);
    if (!body.isEmpty()) {
      edits.edit(body);
    }
    calls.call(ApiCall.write(connector, how.by(), sent).on(ref));
    return edits.fetch(Set.of());
  }

  private ObjectNode request(JsonNode move) {
    String id = JsonPath.text(move, how.id());
    return (ObjectNode)
        Placeholders.fill(how.body(), name -> "id".equals(name) ? id : "{" + name + "}");
  }

  private Set<String> screen(JsonNode move) {
    Set<String> paths = new LinkedHashSet<>();
    if (!how.screen().isEmpty()) {
      JsonPath.find(move, how.screen()).fieldNames().forEachRemaining(f -> paths.add(path(f)));
    }
    return paths;
  }

  private String path(String field) {
    int dot = how.field().indexOf('.');
    return dot < 0 ? field : how.field().substring(0, dot + 1) + field;
  }

  private Set<String> required(JsonNode move) {
    Set<String> paths = new LinkedHashSet<>();
    if (!how.screen().isEmpty()) {
      JsonPath.find(move, how.screen())
          .properties()
          .forEach(
              field -> {
                boolean needed = field.getValue().path("required").asBoolean();
                if (needed && !field.getValue().path("hasDefaultValue").asBoolean()) {
                  paths.add(path(field.getKey()));
                }
              });
    }
    return paths;
  }

  private void requireComplete(JsonNode move, ObjectNode sent, NativeRecord now) {
    List<String> missing = new ArrayList<>();
    for (String path : required(move)) {
      if (isEmpty(JsonPath.find(sent, path)) && isEmpty(JsonPath.find(now.json(), path))) {
        missing.add(path);
      }
    }
    if (!missing.isEmpty()) {
      throw new RequestRejectedException(
          0,
          "move " + now.ref() + " by '" + JsonPath.text(move, how.name()) + "'",
          "the move needs " + String.join(", ", missing),
          "Let the mapping `fill` "
              + String.join(", ", missing)
              + " when its status becomes "
              + JsonPath.text(move, how.to())
              + ", or give it by hand in "
              + connector.title()
              + ", then retry.");
    }
  }

  private static boolean isEmpty(JsonNode node) {
    return node.isMissingNode()
        || node.isNull()
        || node.isContainerNode() && node.isEmpty()
        || node.isTextual() && node.asText().isBlank();
  }

  private RequestRejectedException unreachable(
      NativeRecord now, String wanted, List<JsonNode> moves) {
    String reachable =
        moves.stream()
            .map(each -> JsonPath.text(each, how.to()) + " by '" + JsonPath.text(each, how.name()))
            .map(text -> text + "'")
            .sorted()
            .collect(Collectors.joining(", "));
    String at = JsonPath.text(now.json(), how.field());
    return new RequestRejectedException(
        0,
        "move " + now.ref() + " from " + at + " to " + wanted,
        "from " + at + " there is only " + (reachable.isEmpty() ? "nothing" : reachable),
        "Name a way in the mapping's `steps`, for example {"
            + at
            + ": {"
            + wanted
            + ": a status between}}, or allow the move in "
            + connector.title()
            + "'s workflow and to the user Lockstep works as, then retry.");
  }
}
