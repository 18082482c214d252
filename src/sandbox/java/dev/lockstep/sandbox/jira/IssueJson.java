package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Issues and what belongs to them as JSON, in the shapes of version 3 of the API; or of version 2,
 * which has text where version 3 has documents, for webhooks.
 */
final class IssueJson {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);
  private static final Set<String> ALWAYS =
      Set.of(
          ("summary description environment labels components duedate issuetype priority "
                  + "resolution resolutiondate status statuscategorychangedate assignee reporter "
                  + "creator project created updated issuelinks")
              .split(" ", -1));
  private static final Set<String> NOT_NAVIGABLE = Set.of("comment", "environment");

  private final Site site;
  private final SiteJson config;
  private final int version;
  private final Function<String, @Nullable Issue> issues;

  /**
   * @param base the site's address
   * @param issues finds an issue by its id, for links
   */
  IssueJson(Site site, String base, int version, Function<String, @Nullable Issue> issues) {
    this.site = site;
    this.config = new SiteJson(site, base, version);
    this.version = version;
    this.issues = issues;
  }

  static String time(Instant at) {
    return TIME.format(at);
  }

  /** The JSON of what issues refer to. */
  SiteJson config() {
    return config;
  }

  String url(String path) {
    return config.url(path);
  }

  /** The issue with the fields that were asked for, in the words of {@code fields}. */
  ObjectNode issue(Issue issue, Collection<String> wanted) {
    ObjectNode json = bare(issue);
    ObjectNode fields = json.putObject("fields");
    chosen(wanted).forEach(field -> fields.set(field, field(issue, field)));
    return json;
  }

  ObjectNode bare(Issue issue) {
    return Json.object()
        .put("expand", "")
        .put("id", issue.id)
        .put("self", url("/issue/" + issue.id))
        .put("key", issue.key());
  }

  private Set<String> chosen(Collection<String> wanted) {
    Set<String> all = new TreeSet<>(ALWAYS);
    all.add("comment");
    all.addAll(site.customFields().keySet());
    Set<String> chosen = new TreeSet<>();
    boolean onlyTaken = wanted.stream().allMatch(field -> field.startsWith("-"));
    for (String field : wanted) {
      if (field.equals("*all")) {
        chosen.addAll(all);
      } else if (field.equals("*navigable")) {
        all.stream().filter(each -> !NOT_NAVIGABLE.contains(each)).forEach(chosen::add);
      } else if (all.contains(field)) {
        chosen.add(field);
      }
    }
    if (onlyTaken && !wanted.isEmpty()) {
      chosen.addAll(all);
    }
    wanted.stream().filter(f -> f.startsWith("-")).forEach(f -> chosen.remove(f.substring(1)));
    return chosen;
  }

  private JsonNode field(Issue issue, String field) {
    return switch (field) {
      case "project" -> config.project(issue.project);
      case "created" -> Json.text(time(issue.created));
      case "updated" -> Json.text(time(issue.updated));
      case "creator" -> config.user(issue.creator);
      case "issuelinks" -> links(issue);
      case "comment" -> comments(issue);
      default -> stored(issue, field);
    };
  }

  /** A value as the API shows it. */
  JsonNode stored(Issue issue, String field) {
    JsonNode value = issue.get(field);
    if (value.isNull()) {
      return FieldRules.LISTS.contains(field) ? Json.array() : Json.NULL;
    }
    return switch (field) {
      case "description", "environment" -> document(value);
      case "issuetype" ->
          config.named("issuetype", issue.project.issueTypes(), value).put("subtask", false);
      case "priority" ->
          config
              .named("priority", Site.PRIORITIES, value)
              .put("iconUrl", url("/priority/" + value.asText() + "/icon"));
      case "resolution" ->
          config.named("resolution", Site.RESOLUTIONS, value).put("description", "");
      case "status" -> config.status(site.status(value.asText()));
      case "components" -> components(value);
      case "assignee", "reporter" ->
          site.user(value.asText()).<JsonNode>map(config::user).orElse(Json.NULL);
      default -> custom(field, value);
    };
  }

  private ArrayNode components(JsonNode ids) {
    ArrayNode all = Json.array();
    ids.forEach(id -> site.component(id.asText()).map(config::component).ifPresent(all::add));
    return all;
  }

  private JsonNode custom(String id, JsonNode value) {
    CustomField field = site.customField(id).orElse(null);
    if (field == null) {
      return value;
    }
    return switch (field.type()) {
      case TEXTAREA -> document(value);
      case SELECT ->
          Json.object()
              .put("self", url("/customFieldOption/" + value.asText()))
              .put("value", Site.named(field.options(), value.asText()).orElseThrow().name())
              .put("id", value.asText());
      case TEXT, EXACT_TEXT, DATE, NUMBER -> value;
    };
  }

  private JsonNode document(JsonNode document) {
    return version == 2 ? Json.text(AdfText.wiki(document)) : document;
  }

  private ArrayNode links(Issue issue) {
    ArrayNode all = Json.array();
    for (IssueLink link : issue.links) {
      boolean outward = link.inward().equals(issue.id);
      Issue other = issues.apply(outward ? link.outward() : link.inward());
      if (other != null) {
        ObjectNode json =
            Json.object().put("id", link.id()).put("self", url("/issueLink/" + link.id()));
        json.set("type", config.linkType(link.type()));
        json.set(outward ? "outwardIssue" : "inwardIssue", linked(other));
        all.add(json);
      }
    }
    return all;
  }

  ObjectNode link(IssueLink link) {
    ObjectNode json =
        Json.object().put("id", link.id()).put("self", url("/issueLink/" + link.id()));
    json.set("type", config.linkType(link.type()));
    Issue inward = issues.apply(link.inward());
    Issue outward = issues.apply(link.outward());
    if (inward != null && outward != null) {
      json.set("inwardIssue", linked(inward));
      json.set("outwardIssue", linked(outward));
    }
    return json;
  }

  private ObjectNode linked(Issue issue) {
    ObjectNode json =
        Json.object()
            .put("id", issue.id)
            .put("key", issue.key())
            .put("self", url("/issue/" + issue.id));
    ObjectNode fields = json.putObject("fields");
    for (String field : List.of("summary", "status", "priority", "issuetype")) {
      fields.set(field, stored(issue, field));
    }
    return json;
  }

  private ObjectNode comments(Issue issue) {
    ObjectNode json = Json.object();
    ArrayNode all = json.putArray("comments");
    issue.comments.forEach(comment -> all.add(comment(issue, comment, false)));
    return json.put("self", url("/issue/" + issue.id + "/comment"))
        .put("maxResults", all.size())
        .put("total", all.size())
        .put("startAt", 0);
  }

  /**
   * @param withProperties only {@code expand=properties} shows them
   */
  ObjectNode comment(Issue issue, Comment comment, boolean withProperties) {
    ObjectNode json =
        Json.object()
            .put("self", url("/issue/" + issue.id + "/comment/" + comment.id()))
            .put("id", comment.id());
    json.set("author", config.user(comment.author()));
    json.set("body", document(comment.body()));
    json.set("updateAuthor", config.user(comment.updateAuthor()));
    json.put("created", time(comment.created()))
        .put("updated", time(comment.updated()))
        .put("jsdPublic", comment.isPublic());
    if (!comment.visibility().isNull()) {
      json.set("visibility", comment.visibility());
    }
    if (withProperties) {
      ArrayNode properties = json.putArray("properties");
      new TreeMap<>(comment.properties())
          .forEach((key, value) -> properties.addObject().put("key", key).set("value", value));
    }
    return json;
  }

  ObjectNode history(Issue.History history) {
    ObjectNode json = Json.object().put("id", history.id());
    json.set("author", config.user(history.author()));
    json.put("created", time(history.at()));
    json.set("items", items(history.items()));
    return json;
  }

  static ArrayNode items(List<IssueChange.Item> items) {
    ArrayNode json = Json.array();
    for (IssueChange.Item item : items) {
      json.addObject()
          .put("field", item.field())
          .put("fieldtype", item.custom() ? "custom" : "jira")
          .put("fieldId", item.fieldId())
          .put("from", item.from())
          .put("fromString", item.fromText())
          .put("to", item.to())
          .put("toString", item.toText());
    }
    return json;
  }
}
