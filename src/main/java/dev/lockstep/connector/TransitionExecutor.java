package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.Placeholders;
import dev.lockstep.connector.definition.TransitionDefinition;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
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
    List<Move> moves =
        Move.all(how, calls.call(ApiCall.read(connector, how.list()).on(ref)).json());
    Move move = moves.stream().filter(each -> each.to().equals(wanted)).findFirst().orElse(null);
    NativeRecord now = edits.fetch(move == null ? Set.of() : move.required().keySet());
    if (JsonPath.text(now.json(), how.field()).equals(wanted)) {
      return body.isEmpty() ? now : edits.edit(body);
    }
    if (move == null) {
      throw unreachable(now, wanted, moves);
    }
    ObjectNode sent = request(move);
    for (String path : move.screen()) {
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

  private ObjectNode request(Move move) {
    return (ObjectNode)
        Placeholders.fill(how.body(), name -> "id".equals(name) ? move.id() : "{" + name + "}");
  }

  private void requireComplete(Move move, ObjectNode sent, NativeRecord now) {
    List<String> missing =
        move.required().keySet().stream()
            .filter(path -> Move.isEmpty(JsonPath.find(sent, path)))
            .filter(path -> Move.isEmpty(JsonPath.find(now.json(), path)))
            .toList();
    if (!missing.isEmpty()) {
      throw new RequestRejectedException(
          0,
          "move " + now.ref() + " by '" + move.name() + "'",
          "the move needs " + String.join(", ", missing),
          "Let the mapping `fill` "
              + String.join(", ", missing)
              + " when its status becomes "
              + move.to()
              + ", or give it by hand in "
              + connector.title()
              + ", then retry.");
    }
  }

  private RequestRejectedException unreachable(NativeRecord now, String wanted, List<Move> moves) {
    String reachable =
        moves.stream()
            .map(each -> each.to() + " by '" + each.name())
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
