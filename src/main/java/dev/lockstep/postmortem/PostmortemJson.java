package dev.lockstep.postmortem;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.postmortem.reading.Item;
import dev.lockstep.postmortem.reading.Postmortem;
import dev.lockstep.postmortem.reading.Problem;

/** What was read of a postmortem, as the command and the API tell it; unknown is null. */
public final class PostmortemJson {
  private PostmortemJson() {}

  /**
   * @param file as the caller named it
   */
  public static ObjectNode of(String file, Postmortem postmortem) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file).put("incident", postmortem.incident()).put("title", postmortem.title());
    ArrayNode items = json.putArray("items");
    postmortem.items().forEach(item -> items.add(item(item)));
    ArrayNode problems = json.putArray("problems");
    for (Problem problem : postmortem.problems()) {
      problems.addObject().put("line", problem.line()).put("text", problem.text());
    }
    return json;
  }

  private static ObjectNode item(Item item) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("line", item.line())
        .put("id", item.id())
        .put("title", item.title())
        .put("owner", item.owner())
        .put("due", item.due() == null ? null : item.due().toString())
        .put("ticket", item.ticket())
        .put("priority", item.priority())
        .put("done", item.done());
    item.labels().forEach(json.putArray("labels")::add);
    item.problems().forEach(json.putArray("problems")::add);
    return json;
  }
}
