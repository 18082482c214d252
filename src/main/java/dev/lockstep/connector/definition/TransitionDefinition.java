package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A field that is changed by a transition instead of being written.
 *
 * @param field the field whose value is the record's state
 * @param list the call that lists the available transitions
 * @param by the call that performs one, with {@code body}
 * @param to path, in a transition, of the value it leads to
 * @param screen path, in a transition, of the fields it accepts, by name
 * @param onlyWith fields that can be written only with a transition
 */
public record TransitionDefinition(
    String field,
    String list,
    String by,
    JsonNode body,
    String answer,
    String id,
    String name,
    String to,
    String screen,
    List<String> onlyWith) {
  public TransitionDefinition {
    answer = orEmpty(answer);
    screen = orEmpty(screen);
    onlyWith = orEmpty(onlyWith);
  }
}
