package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.jira.IssueChange.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The comments of issues. Guarded by the {@link IssueStore} they are in. */
final class IssueComments {

  private final IssueStore store;

  IssueComments(IssueStore store) {
    this.store = store;
  }

  Comment add(Author by, String idOrKey, JsonNode given) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      JsonNode body = FieldRules.comment(given.path("body"));
      Instant now = store.now();
      Comment comment =
          new Comment(
              store.nextDetailId(),
              by.user(),
              now,
              by.user(),
              now,
              body,
              visibility(given),
              IssueProperties.parse(given.path("properties")));
      issue.comments.add(comment);
      issue.updated = now;
      store.report(Kind.COMMENTED, issue, by, now, List.of(), comment.id(), comment, null);
      return comment;
    }
  }

  Comment edit(Author by, String idOrKey, String id, JsonNode given) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      Comment old = commentOf(issue, id);
      Instant now = store.now();
      Map<String, JsonNode> properties = new HashMap<>(old.properties());
      properties.putAll(IssueProperties.parse(given.path("properties")));
      Comment changed =
          new Comment(
              old.id(),
              old.author(),
              old.created(),
              by.user(),
              now,
              FieldRules.comment(given.path("body")),
              given.has("visibility") ? visibility(given) : old.visibility(),
              properties);
      issue.comments.set(issue.comments.indexOf(old), changed);
      issue.updated = now;
      store.report(Kind.COMMENT_EDITED, issue, by, now, List.of(), id, changed, null);
      return changed;
    }
  }

  void delete(Author by, String idOrKey, String id) {
    synchronized (store) {
      Issue issue = store.issue(idOrKey);
      Comment comment = commentOf(issue, id);
      issue.comments.remove(comment);
      issue.updated = store.now();
      store.report(Kind.COMMENT_DELETED, issue, by, issue.updated, List.of(), id, comment, null);
    }
  }

  static Comment commentOf(Issue issue, String id) {
    return issue.comments.stream()
        .filter(comment -> comment.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> JiraException.notFound("Can not find a comment for the id: " + id + "."));
  }

  /** Refuses a comment before anything else is done that would have to be undone. */
  static void check(JsonNode comment) {
    FieldRules.comment(comment.path("body"));
    visibility(comment);
    IssueProperties.parse(comment.path("properties"));
  }

  private static JsonNode visibility(JsonNode given) {
    JsonNode visibility = given.path("visibility");
    if (visibility.isMissingNode() || visibility.isNull()) {
      return Json.NULL;
    }
    boolean named = visibility.hasNonNull("value") || visibility.hasNonNull("identifier");
    if (!Set.of("group", "role").contains(visibility.path("type").asText()) || !named) {
      throw JiraException.field("commentLevel", "The visibility of the comment is invalid.");
    }
    return visibility;
  }
}
