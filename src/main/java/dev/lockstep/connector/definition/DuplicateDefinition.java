package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Locale;
import java.util.Map;

/**
 * How a duplicate is linked to its primary.
 *
 * @param primary path of the primary's id in a record, or in one of its links
 * @param body of the merge or link call, with the placeholders {@code {duplicate}} and, for a link,
 *     {@code {primary}}
 * @param links path of a record's links; empty unless duplicates are linked
 * @param id path of a link's own id
 * @param only by path, the value a link must have to count as a duplicate link
 */
public record DuplicateDefinition(
    String primary, Joining by, JsonNode body, String links, String id, Map<String, String> only) {
  public DuplicateDefinition {
    body = body == null ? MissingNode.getInstance() : body;
    links = orEmpty(links);
    id = orEmpty(id);
    only = orEmpty(only);
  }

  /** Path, in a record, of what identifies its primary. */
  String primaryPath() {
    return by == Joining.LINK ? links : primary;
  }

  public enum Joining {
    /** By the field {@code primary}; restored by writing the former value. */
    UPDATE,
    /** By a link to the primary; undone by deleting it. */
    LINK,
    /** By a merge call; permanent. */
    MERGE;

    @JsonCreator
    static Joining of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
