package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The methods about messages. */
record MessageMethods(SlackWorkspace workspace) {

  /** Newest first; replies only if they were sent to the channel, too. */
  ObjectNode history(Arguments arguments, String caller) {
    String channel = arguments.text("channel");
    requireMember(channel, caller);
    BigDecimal oldest = number(arguments.text("oldest"), BigDecimal.ZERO);
    BigDecimal latest = number(arguments.text("latest"), BigDecimal.valueOf(Long.MAX_VALUE));
    List<SlackMessage> found =
        new ArrayList<>(
            workspace.messages(channel).stream()
                .filter(SlackMessage::isInChannel)
                .filter(message -> new BigDecimal(message.ts()).compareTo(oldest) > 0)
                .filter(message -> new BigDecimal(message.ts()).compareTo(latest) < 0)
                .toList());
    Collections.reverse(found);
    SlackPage<SlackMessage> page = SlackPage.of(found, arguments);
    return page.json("messages", SlackMessage::json).put("has_more", page.next() > 0);
  }

  private static BigDecimal number(String text, BigDecimal otherwise) {
    return text.isEmpty() ? otherwise : new BigDecimal(text);
  }

  /** "Bot user tokens ... lack sufficient permissions to use this method on public channels." */
  ObjectNode replies(Arguments arguments, String caller) {
    throw new SlackException("not_allowed_token_type");
  }

  ObjectNode reactions(Arguments arguments, String caller) {
    String channel = arguments.text("channel");
    String ts = arguments.required("timestamp", "no_item_specified");
    requireMember(channel, caller);
    ObjectNode json = Json.object().put("type", "message").put("channel", channel);
    json.set("message", workspace.message(channel, ts).json());
    return json;
  }

  ObjectNode post(Arguments arguments, String caller) {
    String channel = arguments.required("channel", "channel_not_found");
    String text = arguments.required("text", "no_text");
    boolean names = arguments.flag("link_names") || arguments.text("parse").equals("full");
    SlackMessage posted =
        workspace.post(
            channel,
            caller,
            MessageText.stored(text),
            arguments.text("thread_ts"),
            MessageText.notifications(text, names));
    ObjectNode json = Json.object().put("channel", channel).put("ts", posted.ts());
    json.set("message", posted.json());
    return json;
  }

  ObjectNode pin(Arguments arguments, String caller) {
    workspace.pin(
        arguments.text("channel"), arguments.required("timestamp", "no_item_specified"), caller);
    return Json.object();
  }

  ObjectNode unpin(Arguments arguments, String caller) {
    workspace.unpin(
        arguments.text("channel"), arguments.required("timestamp", "no_item_specified"), caller);
    return Json.object();
  }

  ObjectNode pins(Arguments arguments, String caller) {
    String channel = arguments.text("channel");
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    workspace
        .pinned(channel)
        .forEach(
            message ->
                items
                    .addObject()
                    .put("type", "message")
                    .put("channel", channel)
                    .set("message", message.json()));
    return json;
  }

  private void requireMember(String channel, String caller) {
    if (!workspace.channel(channel).members().contains(caller)) {
      throw new SlackException("not_in_channel");
    }
  }
}
