package dev.lockstep.connector.definition;

import static dev.lockstep.connector.definition.ConnectorDefinition.orEmpty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Objects that records refer to, such as users.
 *
 * @param page paging of searches and listings of such objects; null: there is a single page
 * @param needs the permission that a look-up requires
 * @param remembered how long what was found is remembered; null: the default
 * @param nobody id of the object that stands for none; empty: a field without one is empty
 */
public record ReferenceDefinition(
    String id,
    String key,
    AnswerPaths answer,
    @Nullable JsonNode form,
    Beside beside,
    ListingDefinition.@Nullable Page page,
    String needs,
    String nobody,
    @Nullable Duration remembered) {
  public ReferenceDefinition {
    nobody = orEmpty(nobody);
    needs = orEmpty(needs);
    answer = answer == null ? AnswerPaths.ROOT : answer;
    form = form == null ? MissingNode.getInstance() : form;
    beside = beside == null ? Beside.NOWHERE : beside;
  }

  public record Beside(String id, String key) {
    static final Beside NOWHERE = new Beside("", "");

    public Beside {
      id = id == null || id.isEmpty() ? "{field}" : id;
      key = orEmpty(key);
    }
  }
}
