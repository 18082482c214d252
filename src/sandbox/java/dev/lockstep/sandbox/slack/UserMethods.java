package dev.lockstep.sandbox.slack;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.Set;

/** The methods about users. */
record UserMethods(SlackWorkspace workspace, Set<String> scopes) {

  ObjectNode info(Arguments arguments, String caller) {
    return workspace
        .users()
        .find(arguments.text("user"))
        .map(this::json)
        .orElseThrow(() -> new SlackException("user_not_found"));
  }

  ObjectNode lookup(Arguments arguments, String caller) {
    return workspace
        .users()
        .findByEmail(arguments.text("email"))
        .map(this::json)
        .orElseThrow(() -> new SlackException("users_not_found"));
  }

  ObjectNode list(Arguments arguments, String caller) {
    return SlackPage.of(workspace.users().all(), arguments)
        .json("members", user -> user.json(showsEmail()));
  }

  private ObjectNode json(SlackUser user) {
    return Json.object().set("user", user.json(showsEmail()));
  }

  private boolean showsEmail() {
    return scopes.contains("users:read.email");
  }
}
