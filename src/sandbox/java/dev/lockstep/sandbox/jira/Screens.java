package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which fields are on the screens of all issue types, and which an issue cannot be created without.
 * Thread-safe.
 */
public final class Screens {
  private static final List<String> ALWAYS_REQUIRED =
      List.of("issuetype", "project", "reporter", "summary");

  private final Site site;
  private final Set<String> offCreate = ConcurrentHashMap.newKeySet();
  private final Set<String> offEdit = ConcurrentHashMap.newKeySet();
  private final Set<String> required = ConcurrentHashMap.newKeySet();

  Screens(Site site) {
    this.site = site;
    required.addAll(ALWAYS_REQUIRED);
  }

  /** A create with it is refused. */
  public void takeOffCreate(String field) {
    offCreate.add(field);
  }

  /** An edit of it is refused. */
  public void takeOffEdit(String field) {
    offEdit.add(field);
  }

  /** A create without it is refused. */
  public void require(String field) {
    required.add(field);
  }

  boolean isOnCreate(String field) {
    return exists(field) && !offCreate.contains(field);
  }

  /** No issue is moved to another project by an edit. */
  boolean isOnEdit(String field) {
    return exists(field) && !offEdit.contains(field) && !field.equals("project");
  }

  private boolean exists(String field) {
    return FieldRules.SYSTEM.contains(field) || site.customField(field).isPresent();
  }

  boolean isRequired(String field) {
    return required.contains(field);
  }

  /** What an issue gets that is created without the field. */
  boolean hasDefault(String field) {
    return field.equals("priority") || field.equals("reporter");
  }

  /**
   * The project and the type are read before, and a default fills its field.
   *
   * @throws JiraException when a required field is missing or empty
   */
  void requireFilled(Map<String, JsonNode> values, FieldDisplay display) {
    Map<String, String> missing = new TreeMap<>();
    for (String field : onCreate()) {
      JsonNode value = values.getOrDefault(field, Json.NULL);
      boolean empty = value.isNull() || (value.isArray() && value.isEmpty());
      boolean read = field.equals("project") || field.equals("issuetype");
      if (empty && isRequired(field) && !hasDefault(field) && !read) {
        missing.put(field, display.nameOf(field) + " is required.");
      }
    }
    if (!missing.isEmpty()) {
      throw JiraException.fields(missing);
    }
  }

  /** Sorted by name. */
  List<String> onCreate() {
    return all().stream().filter(this::isOnCreate).toList();
  }

  List<String> onEdit() {
    return all().stream().filter(this::isOnEdit).toList();
  }

  private Set<String> all() {
    Set<String> all = new TreeSet<>(FieldRules.SYSTEM);
    all.addAll(site.customFields().keySet());
    return all;
  }
}
