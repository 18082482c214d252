package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;

/**
 * A person, or the user of an app's bot.
 *
 * @param email empty for a bot
 * @param deleted whether the account was deactivated
 */
public record SlackUser(
    String id, String name, String realName, String email, boolean bot, boolean deleted) {

  SlackUser deactivated() {
    return new SlackUser(id, name, realName, email, bot, true);
  }

  /**
   * @param showsEmail whether the token has the scope for it
   */
  ObjectNode json(boolean showsEmail) {
    ObjectNode json =
        Json.object()
            .put("id", id)
            .put("team_id", SlackWorkspace.TEAM)
            .put("name", name)
            .put("deleted", deleted)
            .put("real_name", realName)
            .put("is_bot", bot);
    ObjectNode profile =
        json.putObject("profile").put("real_name", realName).put("display_name", name);
    if (showsEmail && !email.isEmpty()) {
      profile.put("email", email);
    }
    return json;
  }
}
