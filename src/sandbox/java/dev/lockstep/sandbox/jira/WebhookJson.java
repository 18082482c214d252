package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Webhook bodies, as "Webhooks" in the developer documentation shows them: issues in the shape of
 * version 2 of the API, so a description or a comment is a text in wiki markup.
 */
final class WebhookJson {

  private static final List<String> BRIEF =
      List.of("summary", "issuetype", "project", "assignee", "priority", "status");

  private final IssueJson json;

  WebhookJson(IssueJson version2) {
    this.json = version2;
  }

  /** The event that reports a change, if there is one. */
  static Optional<String> event(IssueChange.Kind kind) {
    return Optional.ofNullable(
        switch (kind) {
          case CREATED -> "jira:issue_created";
          case EDITED, TRANSITIONED -> "jira:issue_updated";
          case DELETED -> "jira:issue_deleted";
          case COMMENTED -> "comment_created";
          case COMMENT_EDITED -> "comment_updated";
          case COMMENT_DELETED -> "comment_deleted";
          case LINKED -> "issuelink_created";
          case UNLINKED -> "issuelink_deleted";
          case PROPERTY_SET -> "issue_property_set";
          case PROPERTY_DELETED -> "issue_property_deleted";
          case REMOTE_LINKED, REMOTE_UNLINKED -> null;
        });
  }

  ObjectNode body(
      String event,
      IssueChange change,
      Issue issue,
      Author by,
      @Nullable Comment comment,
      @Nullable IssueLink link) {
    ObjectNode body =
        Json.object().put("timestamp", change.at().toEpochMilli()).put("webhookEvent", event);
    if (event.startsWith("jira:issue_")) {
      body.put("issue_event_type_name", typeName(change));
      body.set("user", json.config().user(by.user()));
      body.set("issue", json.issue(issue, List.of("*all", "-comment")));
      if (!change.items().isEmpty()) {
        String id = issue.histories.get(issue.histories.size() - 1).id();
        body.putObject("changelog").put("id", id).set("items", IssueJson.items(change.items()));
      }
      return body;
    }
    if (event.startsWith("issuelink_") && link != null) {
      ObjectNode type =
          body.putObject("issueLink")
              .put("id", Long.parseLong(link.id()))
              .put("sourceIssueId", Long.parseLong(link.inward()))
              .put("destinationIssueId", Long.parseLong(link.outward()))
              .put("systemLink", false)
              .putObject("issueLinkType");
      type.put("id", Long.parseLong(link.type().id()))
          .put("name", link.type().name())
          .put("outwardName", link.type().outward())
          .put("inwardName", link.type().inward())
          .put("isSubTaskLinkType", false)
          .put("isSystemLinkType", false);
      return body;
    }
    if (comment != null) {
      body.set("comment", json.comment(issue, comment, false));
      body.put("eventType", "primaryAction");
    } else {
      body.putObject("property").put("key", change.detail());
      body.set("user", json.config().user(by.user()));
    }
    body.set("issue", json.issue(issue, BRIEF));
    return body;
  }

  private static String typeName(IssueChange change) {
    boolean assigned =
        change.items().size() == 1 && change.items().get(0).field().equals("assignee");
    return switch (change.kind()) {
      case CREATED -> "issue_created";
      case DELETED -> "issue_deleted";
      case TRANSITIONED -> "issue_generic";
      case COMMENTED -> "issue_commented";
      default -> assigned ? "issue_assigned" : "issue_updated";
    };
  }
}
