package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.IssueChange.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The entity properties of issues: what programs keep at them. A property is no field: {@code
 * updated} stays as it is. Guarded by the {@link IssueStore}.
 */
final class IssueProperties {
  private static final int LONGEST_VALUE = 32_768;
  private static final int LONGEST_KEY = 255;

  private final IssueStore store;

  IssueProperties(IssueStore store) {
    this.store = store;
  }

  /** Entity properties by their keys. */
  static Map<String, JsonNode> parse(JsonNode given) {
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    for (JsonNode property : given) {
      if (!property.path("key").isTextual() || !property.has("value")) {
        throw JiraException.badRequest("Entity property must have a key and a value.");
      }
      properties.put(property.path("key").textValue(), property.path("value"));
    }
    return properties;
  }

  /** True if it is a new one. */
  boolean set(Author by, String idOrKey, String key, JsonNode value) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      if (key.length() > LONGEST_KEY) {
        throw JiraException.badRequest(
            "The property key cannot be longer than " + LONGEST_KEY + " characters.");
      }
      if (value.toString().length() > LONGEST_VALUE) {
        throw JiraException.badRequest(
            "The property value cannot be longer than " + LONGEST_VALUE + " characters.");
      }
      boolean added = issue.properties.put(key, value) == null;
      store.report(Kind.PROPERTY_SET, issue, by, store.now(), key);
      return added;
    }
  }

  void delete(Author by, String idOrKey, String key) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      if (issue.properties.remove(key) == null) {
        throw JiraException.notFound("The property with key '" + key + "' does not exist.");
      }
      store.report(Kind.PROPERTY_DELETED, issue, by, store.now(), key);
    }
  }
}
