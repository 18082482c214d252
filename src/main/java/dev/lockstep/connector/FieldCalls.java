package dev.lockstep.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KindDefinition;
import dev.lockstep.connector.definition.KindDefinition.FieldCall;
import dev.lockstep.json.JsonPath;
import dev.lockstep.record.RecordRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the fields of a record that calls of their own write. A crash between two calls is
 * harmless: the next comparison finds the remaining difference, and a repeated call changes
 * nothing.
 */
final class FieldCalls {
  private static final Logger LOG = LoggerFactory.getLogger(FieldCalls.class);

  private final ConnectorDefinition connector;
  private final SystemClient calls;

  FieldCalls(ConnectorDefinition connector, SystemClient calls) {
    this.connector = connector;
    this.calls = calls;
  }

  /**
   * @param refused fields that the system refused: why, by path
   * @param unshown fields that were written and that the record does not show
   */
  record Written(Map<String, String> refused, Map<String, JsonNode> unshown) {}

  /** Moves the fields that have calls of their own from a body to one that is returned. */
  static ObjectNode take(List<FieldCall> writes, ObjectNode body) {
    ObjectNode own = body.objectNode();
    for (FieldCall write : writes) {
      JsonNode value = JsonPath.find(body, write.path());
      if (!value.isMissingNode() && write.takes(value.asText())) {
        JsonPath.put(own, write.path(), JsonPath.take(body, write.path()));
      }
    }
    return own;
  }

  /**
   * Makes the calls in their declared order.
   *
   * @param fields as {@link #take} returns them
   * @throws RequestRejectedException if a call is refused whose field is not optional
   */
  Written write(RecordRef ref, ObjectNode fields) {
    KindDefinition kind = connector.kind(ref.kind());
    Map<String, JsonNode> plain = new HashMap<>();
    kind.writes().forEach(write -> plain.put(write.path(), JsonPath.find(fields, write.path())));
    ObjectNode sent = TextConverter.send(kind, fields.deepCopy());
    Map<String, String> refused = new HashMap<>();
    Map<String, JsonNode> unshown = new HashMap<>();
    for (FieldCall write : kind.writes()) {
      JsonNode value = JsonPath.find(sent, write.path());
      if (value.isMissingNode() || !write.takes(value.asText())) {
        continue;
      }
      try {
        calls.call(ApiCall.write(connector, write.call()).on(ref).with("value", value.asText()));
        if (!write.isShown()) {
          unshown.put(write.path(), plain.get(write.path()));
        }
      } catch (RequestRejectedException e) {
        if (!write.optional()) {
          throw e;
        }
        LOG.warn("{} is not written: {} {}", ref, e.getMessage(), e.advice());
        refused.put(write.path(), refusal(e));
      }
    }
    return new Written(refused, unshown);
  }

  private static String refusal(RequestRejectedException e) {
    return "refused: %s %s".formatted(e.answer(), e.advice());
  }
}
