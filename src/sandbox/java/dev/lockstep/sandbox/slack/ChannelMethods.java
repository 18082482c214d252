package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.List;

/** The methods about channels. */
record ChannelMethods(SlackWorkspace workspace) {

  ObjectNode info(Arguments arguments, String caller) {
    SlackChannel channel = workspace.channel(arguments.text("channel"));
    return Json.object().set("channel", channel.json(caller));
  }

  /** Those that the caller is in. */
  ObjectNode mine(Arguments arguments, String caller) {
    List<SlackChannel> all =
        workspace.channels().stream()
            .filter(channel -> channel.members().contains(caller))
            .filter(channel -> !arguments.flag("exclude_archived") || !channel.archived())
            .toList();
    return SlackPage.of(all, arguments).json("channels", channel -> channel.json(caller));
  }

  ObjectNode create(Arguments arguments, String caller) {
    if (arguments.flag("is_private")) {
      throw new SlackException("method_not_supported_for_channel_type");
    }
    SlackChannel created = workspace.create(arguments.text("name"), caller);
    return Json.object().set("channel", created.created(caller));
  }

  ObjectNode setTopic(Arguments arguments, String caller) {
    String channel = arguments.text("channel");
    SlackChannel changed = workspace.setTopic(channel, arguments.text("topic"), caller);
    return Json.object().set("channel", changed.json(caller));
  }

  ObjectNode setPurpose(Arguments arguments, String caller) {
    SlackChannel changed =
        workspace.setPurpose(arguments.text("channel"), arguments.text("purpose"), caller);
    return Json.object().put("purpose", changed.purpose());
  }

  ObjectNode invite(Arguments arguments, String caller) {
    List<String> users = List.of(arguments.required("users", "no_user").split(",", -1));
    SlackChannel changed = workspace.invite(arguments.text("channel"), users, caller);
    return Json.object().set("channel", changed.json(caller));
  }

  ObjectNode archive(Arguments arguments, String caller) {
    workspace.archive(arguments.text("channel"), caller);
    return Json.object();
  }

  ObjectNode unarchive(Arguments arguments, String caller) {
    workspace.unarchive(arguments.text("channel"), caller);
    return Json.object();
  }
}
