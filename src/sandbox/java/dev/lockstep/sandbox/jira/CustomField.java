package dev.lockstep.sandbox.jira;

import java.util.List;

/**
 * A field that the site's administrators added, on the screens of all projects.
 *
 * @param id such as {@code customfield_10050}
 * @param options of a select list; else empty
 */
public record CustomField(String id, String name, Type type, List<NamedValue> options) {

  /** What it holds, and how JQL may ask for it. */
  public enum Type {
    /** One line of text with the free text searcher, the default: JQL knows {@code ~} only. */
    TEXT("string", "textfield"),
    /** One line of text with the exact text searcher: JQL knows {@code =} and {@code IN} only. */
    EXACT_TEXT("string", "textfield"),
    /** A document. */
    TEXTAREA("string", "textarea"),
    DATE("date", "datepicker"),
    NUMBER("number", "float"),
    SELECT("option", "select");

    private final String schema;
    private final String kind;

    Type(String schema, String kind) {
      this.schema = schema;
      this.kind = kind;
    }

    String schema() {
      return schema;
    }

    String custom() {
      return "com.atlassian.jira.plugin.system.customfieldtypes:" + kind;
    }
  }

  int number() {
    return Integer.parseInt(id.substring("customfield_".length()));
  }
}
