package dev.lockstep.postmortem;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.parse.ParseProblem;
import java.util.Locale;

/** A parsed postmortem as JSON for the command and the API; unknown values are null. */
public final class PostmortemJson {
  private PostmortemJson() {}

  /**
   * @param file as the caller named it
   */
  public static ObjectNode toJson(String file, Received postmortem) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file)
        .put("incident", postmortem.incident().isBlank() ? null : postmortem.incident())
        .put("title", postmortem.title());
    ArrayNode items = json.putArray("items");
    postmortem.items().forEach(item -> items.add(item(item)));
    ArrayNode problems = json.putArray("problems");
    for (ParseProblem problem : postmortem.problems()) {
      problems.addObject().put("line", problem.line()).put("text", problem.text());
    }
    PostmortemParser.refusal(postmortem)
        .ifPresent(
            refusal ->
                problems
                    .addObject()
                    .put("line", Math.max(1, refusal.line()))
                    .put("text", refusal.getMessage()));
    return json;
  }

  private static ObjectNode item(SourceItem item) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("line", item.line())
        .put("id", item.id())
        .put("title", item.title())
        .put("owner", item.owner())
        .put("due", item.due() == null ? null : item.due().toString())
        .put("ticket", item.ticket())
        .put("priority", item.priority())
        .put("done", item.done())
        .put("status", item.status().name().toLowerCase(Locale.ROOT));
    item.labels().stream().sorted().forEach(json.putArray("labels")::add);
    item.problems().forEach(json.putArray("problems")::add);
    return json;
  }
}
