package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A message in a channel.
 *
 * @param ts its id: seconds since 1970 with six digits after the point
 * @param user who wrote it
 * @param botId of the app that wrote it; empty for a person
 * @param subtype empty for a plain message
 * @param text as Slack stores it, with entities and {@code <...>}
 * @param threadTs the message it is a reply to; empty if it is none
 * @param reactions by name, who reacted, in their order
 */
public record SlackMessage(
    String ts,
    String user,
    String botId,
    String subtype,
    String text,
    String threadTs,
    Map<String, List<String>> reactions) {

  SlackMessage withText(String changed) {
    return new SlackMessage(ts, user, botId, subtype, changed, threadTs, reactions);
  }

  SlackMessage with(String reaction, String by) {
    Map<String, List<String>> more = new LinkedHashMap<>(reactions);
    more.merge(
        reaction,
        List.of(by),
        (some, one) -> Stream.concat(some.stream(), one.stream()).distinct().toList());
    return new SlackMessage(ts, user, botId, subtype, text, threadTs, more);
  }

  /** Whether it stands in the channel itself and not only in a thread. */
  boolean isInChannel() {
    return threadTs.isEmpty() || subtype.equals("thread_broadcast");
  }

  ObjectNode json() {
    ObjectNode json =
        Json.object().put("type", "message").put("user", user).put("ts", ts).put("text", text);
    put(json, "subtype", subtype);
    put(json, "thread_ts", threadTs);
    if (!botId.isEmpty()) {
      json.put("bot_id", botId).put("app_id", SlackWorkspace.APP);
    }
    if (!reactions.isEmpty()) {
      ArrayNode shown = json.putArray("reactions");
      reactions.forEach(
          (name, users) -> {
            ObjectNode one = shown.addObject().put("name", name).put("count", users.size());
            users.forEach(one.putArray("users")::add);
          });
    }
    return json;
  }

  private static void put(ObjectNode json, String key, String value) {
    if (!value.isEmpty()) {
      json.put(key, value);
    }
  }
}
