package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What may be set when an issue is created, edited or moved, as {@code FieldMetadata}. */
final class ScreenEndpoints {
  private static final int LARGEST_PAGE = 200;

  private final Site site;
  private final IssueStore store;
  private final SiteJson json;

  ScreenEndpoints(Site site, IssueStore store, SiteJson json) {
    this.site = site;
    this.store = store;
    this.json = json;
  }

  /** "Permissions required: Create issues"; a project in which it lacks shows none. */
  Response types(Request request, Author by) {
    Project project = site.requireProject(request.id());
    return page(
        request,
        "issueTypes",
        mayCreate(by) ? project.issueTypes() : List.of(),
        type ->
            Json.object()
                .put("self", json.url("/issuetype/" + type.id()))
                .put("id", type.id())
                .put("name", type.name())
                .put("description", "")
                .put("subtask", false));
  }

  Response createFields(Request request, Author by) {
    Project project = site.requireProject(request.id());
    String type = request.variables().get(1);
    if (project.issueTypes().stream().noneMatch(each -> each.id().equals(type))) {
      throw JiraException.badRequest("The issue type selected is invalid.");
    }
    Screens screens = site.screens();
    return page(
        request,
        "fields",
        mayCreate(by) ? screens.onCreate() : List.of(),
        field ->
            field(field, screens.isRequired(field), screens.hasDefault(field))
                .put("fieldId", field));
  }

  /** "For any fields to be editable the user must have the Edit issues project permission". */
  Response editFields(Request request, Author by) {
    store.read(request.id(), issue -> issue.id);
    ObjectNode shown = Json.object();
    ObjectNode fields = shown.putObject("fields");
    if (site.permits(by.user(), "EDIT_ISSUES")) {
      // A default counts at creation only.
      site.screens().onEdit().forEach(field -> fields.set(field, field(field, false, false)));
    }
    return Response.ok(shown);
  }

  private boolean mayCreate(Author by) {
    return site.permits(by.user(), "CREATE_ISSUES");
  }

  private static <T> Response page(
      Request request, String name, List<T> all, Function<T, ObjectNode> shown) {
    if (JiraRequests.number(request, "maxResults", 50) > LARGEST_PAGE) {
      throw JiraException.badRequest("Parameter 'maxResults' must not exceed the limit '200'");
    }
    return Response.ok(JiraRequests.page(request, 50, LARGEST_PAGE, name, all, shown));
  }

  /** A field of a screen. */
  ObjectNode field(String field, boolean required, boolean hasDefault) {
    CustomField custom = site.customField(field).orElse(null);
    ObjectNode shown =
        Json.object()
            .put("required", required)
            .put("hasDefaultValue", hasDefault)
            .put("key", field)
            .put("name", name(field, custom));
    shown.set("schema", SiteEndpoints.schema(field, custom));
    ArrayNode operations = shown.putArray("operations");
    switch (field) {
      case "comment" -> operations.add("add");
      case "labels" -> operations.add("add").add("set").add("remove");
      default -> operations.add("set");
    }
    List<NamedValue> allowed =
        switch (field) {
          case "resolution" -> Site.RESOLUTIONS;
          case "priority" -> Site.PRIORITIES;
          default -> custom == null ? List.of() : custom.options();
        };
    if (!allowed.isEmpty()) {
      ArrayNode values = shown.putArray("allowedValues");
      String called = custom == null ? "name" : "value";
      allowed.forEach(each -> values.addObject().put("id", each.id()).put(called, each.name()));
    }
    return shown;
  }

  private static String name(String field, @Nullable CustomField custom) {
    return custom == null
        ? field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1)
        : custom.name();
  }
}
