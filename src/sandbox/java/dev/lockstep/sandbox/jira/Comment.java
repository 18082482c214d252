package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;

/**
 * A comment.
 *
 * @param body an Atlassian Document
 * @param visibility an object, or null JSON for everybody
 * @param properties by key
 */
public record Comment(
    String id,
    JiraUser author,
    Instant created,
    JiraUser updateAuthor,
    Instant updated,
    JsonNode body,
    JsonNode visibility,
    Map<String, JsonNode> properties) {

  public Comment {
    properties = Map.copyOf(properties);
  }

  /** False if {@code sd.public.comment} says that it is for agents only. */
  public boolean isPublic() {
    JsonNode internal = properties.get("sd.public.comment");
    return internal == null || !internal.path("internal").asBoolean();
  }

  /** What it says, without its format. */
  public String text() {
    return AdfText.plain(body);
  }
}
