package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.List;

/** What the caller may do. */
final class PermissionEndpoints {
  private static final List<String> KEYS =
      List.of(
          "BROWSE_PROJECTS",
          "CREATE_ISSUES",
          "EDIT_ISSUES",
          "ASSIGN_ISSUES",
          "TRANSITION_ISSUES",
          "ADD_COMMENTS",
          "LINK_ISSUES");

  private final Site site;

  PermissionEndpoints(Site site) {
    this.site = site;
  }

  /** "Returned if `permissions` is empty, contains an invalid key". */
  Response mine(Request request, Author by) {
    List<String> asked = List.of(request.parameter("permissions").orElse("").split(",", -1));
    if (!KEYS.containsAll(asked)) {
      throw JiraException.badRequest("Unrecognized permission keys in " + asked);
    }
    request.parameter("projectKey").ifPresent(site::requireProject);
    ObjectNode answer = Json.object();
    ObjectNode permissions = answer.putObject("permissions");
    for (String key : asked) {
      permissions
          .putObject(key)
          .put("id", Integer.toString(10 + KEYS.indexOf(key)))
          .put("key", key)
          .put("name", key)
          .put("type", "PROJECT")
          .put("description", "")
          .put("havePermission", site.permits(by.user(), key));
    }
    return Response.ok(answer);
  }
}
