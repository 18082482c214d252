package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.jira.Routes.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code /issue/{id}/comment}. */
final class CommentEndpoints {

  private static final int PAGE = 100;

  private final IssueStore tracker;
  private final IssueJson json;

  CommentEndpoints(IssueStore tracker, IssueJson json) {
    this.tracker = tracker;
    this.json = json;
  }

  Answer list(Request request) {
    int start = request.call().number("startAt", 0);
    int most = Math.min(request.call().number("maxResults", PAGE), PAGE);
    String order = request.call().parameter("orderBy").orElse("created");
    if (!List.of("created", "+created", "-created").contains(order)) {
      throw JiraException.badRequest("'orderBy' only accepts 'created'.");
    }
    return Answer.ok(
        tracker.read(
            request.path().get(0),
            issue -> {
              List<Comment> all = new ArrayList<>(issue.comments);
              if (order.startsWith("-")) {
                Collections.reverse(all);
              }
              ObjectNode page = Json.object().put("startAt", start).put("maxResults", most);
              ArrayNode comments = page.put("total", all.size()).putArray("comments");
              all.stream()
                  .skip(start)
                  .limit(most)
                  .forEach(comment -> comments.add(shown(request, issue, comment)));
              return page;
            }));
  }

  Answer add(Request request) {
    String id = request.path().get(0);
    Comment comment = tracker.comment(request.actor(), id, request.call().object());
    return Answer.of(201, tracker.read(id, issue -> shown(request, issue, comment)));
  }

  Answer get(Request request) {
    return Answer.ok(
        tracker.read(
            request.path().get(0),
            issue -> shown(request, issue, IssueStore.commentOf(issue, request.path().get(1)))));
  }

  Answer edit(Request request) {
    String id = request.path().get(0);
    Comment comment =
        tracker.editComment(request.actor(), id, request.path().get(1), request.call().object());
    return Answer.ok(tracker.read(id, issue -> shown(request, issue, comment)));
  }

  Answer delete(Request request) {
    tracker.deleteComment(request.actor(), request.path().get(0), request.path().get(1));
    return Answer.empty(204);
  }

  private ObjectNode shown(Request request, Issue issue, Comment comment) {
    return json.comment(issue, comment, request.call().list("expand").contains("properties"));
  }
}
