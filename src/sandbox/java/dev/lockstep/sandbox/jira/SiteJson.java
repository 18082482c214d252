package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.List;

/** The site's configuration and users as JSON, in the shapes of one version of the API. */
final class SiteJson {

  private final Site site;
  private final String base;
  private final int version;

  /**
   * @param base the site's address
   */
  SiteJson(Site site, String base, int version) {
    this.site = site;
    this.base = base + "/rest/api/" + version;
    this.version = version;
  }

  String url(String path) {
    return base + path;
  }

  ObjectNode component(Component component) {
    return Json.object()
        .put("self", url("/component/" + component.id()))
        .put("id", component.id())
        .put("name", component.name());
  }

  ObjectNode named(String kind, List<NamedValue> all, JsonNode id) {
    NamedValue named = Site.named(all, id.asText()).orElseThrow();
    return Json.object()
        .put("self", url("/" + kind + "/" + named.id()))
        .put("id", named.id())
        .put("name", named.name());
  }

  ObjectNode status(WorkflowStatus status) {
    ObjectNode json =
        Json.object()
            .put("self", url("/status/" + status.id()))
            .put("description", "")
            .put("iconUrl", url("/status/" + status.id() + "/icon"))
            .put("name", status.name())
            .put("id", status.id());
    WorkflowStatus.Category category = status.category();
    json.putObject("statusCategory")
        .put("self", url("/statuscategory/" + category.id()))
        .put("id", category.id())
        .put("key", category.key())
        .put("colorName", category.color())
        .put("name", category.label());
    return json;
  }

  ObjectNode project(Project project) {
    return Json.object()
        .put("self", url("/project/" + project.id()))
        .put("id", project.id())
        .put("key", project.key())
        .put("name", project.name())
        .put("projectTypeKey", project.serviceDesk() ? "service_desk" : "software")
        .put("simplified", false);
  }

  /** As users see each other: an address only if its owner lets it be seen. */
  ObjectNode user(JiraUser known) {
    // An author is shown as they are now, not as they were when they wrote.
    JiraUser user = site.user(known.accountId()).orElse(known);
    ObjectNode json =
        Json.object()
            .put("self", url("/user?accountId=" + user.accountId()))
            .put("accountId", user.accountId())
            .put("accountType", "atlassian");
    // "without the locale, emailAddress, groups and applicationRoles fields" (webhooks).
    if (user.emailVisible() && version != 2) {
      json.put("emailAddress", user.email());
    }
    json.putObject("avatarUrls").put("48x48", url("/avatar/" + user.accountId()));
    return json.put("displayName", user.displayName())
        .put("active", user.active())
        .put("timeZone", user.timeZone().getId());
  }

  ObjectNode linkType(LinkType type) {
    return Json.object()
        .put("id", type.id())
        .put("name", type.name())
        .put("inward", type.inward())
        .put("outward", type.outward())
        .put("self", url("/issueLinkType/" + type.id()));
  }
}
