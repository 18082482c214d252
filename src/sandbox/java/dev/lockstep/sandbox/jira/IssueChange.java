package dev.lockstep.sandbox.jira;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of an issue.
 *
 * @param by the user's e-mail address
 * @param overHttp false for people who act in process
 * @param items what changed, for an edit or a transition; a creation has none
 * @param detail the id of a comment, the name of a link type, the key of a property, or empty
 */
public record IssueChange(
    Kind kind,
    String issue,
    String by,
    boolean overHttp,
    Instant at,
    List<Item> items,
    String detail) {

  /** The kinds of change. */
  public enum Kind {
    CREATED,
    EDITED,
    TRANSITIONED,
    COMMENTED,
    COMMENT_EDITED,
    COMMENT_DELETED,
    LINKED,
    UNLINKED,
    REMOTE_LINKED,
    REMOTE_UNLINKED,
    PROPERTY_SET,
    PROPERTY_DELETED,
    DELETED
  }

  /**
   * One field's change, as {@code ChangeDetails} in the OpenAPI document.
   *
   * @param from the id of what it was, null for what has none
   * @param to the id of what it became, null for what has none
   */
  public record Item(
      String field,
      String fieldId,
      boolean custom,
      @Nullable String from,
      @Nullable String fromText,
      @Nullable String to,
      @Nullable String toText) {}
}
