package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An issue. A reference to something configured or to a user is stored as its id. Guarded by the
 * {@link IssueStore} it is in; a copy of it is what searching finds.
 */
final class Issue {

  final String id;
  final Project project;
  final int number;
  final JiraUser creator;
  final Instant created;
  Instant updated;
  boolean deleted;
  final Map<String, JsonNode> fields = new TreeMap<>();
  final Map<String, JsonNode> properties = new TreeMap<>();
  final List<Comment> comments = new ArrayList<>();
  final List<IssueLink> links = new ArrayList<>();
  final Map<Integer, JsonNode> remoteLinks = new TreeMap<>();
  final List<History> histories = new ArrayList<>();

  /** A change of fields, as {@code Changelog} in the OpenAPI document. */
  record History(String id, JiraUser author, Instant at, List<IssueChange.Item> items) {}

  Issue(String id, Project project, int number, JiraUser creator, Instant created) {
    this.id = id;
    this.project = project;
    this.number = number;
    this.creator = creator;
    this.created = created;
    this.updated = created;
  }

  String key() {
    return project.key() + "-" + number;
  }

  JsonNode get(String field) {
    return fields.getOrDefault(field, Json.NULL);
  }

  /** The id a field refers to, or its text; empty if there is none. */
  String text(String field) {
    JsonNode value = get(field);
    return value.isNull() ? "" : value.asText();
  }

  void set(String field, JsonNode value) {
    if (value.isNull()) {
      fields.remove(field);
    } else {
      fields.put(field, value);
    }
  }

  Issue copy() {
    Issue copy = new Issue(id, project, number, creator, created);
    copy.updated = updated;
    copy.deleted = deleted;
    copy.fields.putAll(fields);
    copy.properties.putAll(properties);
    copy.comments.addAll(comments);
    copy.links.addAll(links);
    copy.remoteLinks.putAll(remoteLinks);
    copy.histories.addAll(histories);
    return copy;
  }
}
