package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code /issue/{id}/comment}. */
final class CommentEndpoints {

  private static final int PAGE = 100;

  private final IssueStore store;
  private final IssueJson json;

  CommentEndpoints(IssueStore store, IssueJson json) {
    this.store = store;
    this.json = json;
  }

  Response list(Request request, Author by) {
    String order = request.parameter("orderBy").orElse("created");
    if (!List.of("created", "+created", "-created").contains(order)) {
      throw JiraException.badRequest("'orderBy' only accepts 'created'.");
    }
    return Response.ok(
        store.read(
            request.id(),
            issue -> {
              List<Comment> all = new ArrayList<>(issue.comments);
              if (order.startsWith("-")) {
                Collections.reverse(all);
              }
              return JiraRequests.page(
                  request, PAGE, PAGE, "comments", all, comment -> shown(request, issue, comment));
            }));
  }

  Response add(Request request, Author by) {
    String id = request.id();
    Comment comment = store.comments().add(by, id, JiraRequests.object(request));
    return Response.json(201, store.read(id, issue -> shown(request, issue, comment)));
  }

  Response get(Request request, Author by) {
    return Response.ok(
        store.read(
            request.id(),
            issue ->
                shown(request, issue, IssueComments.commentOf(issue, request.variables().get(1)))));
  }

  Response edit(Request request, Author by) {
    String id = request.id();
    Comment comment =
        store.comments().edit(by, id, request.variables().get(1), JiraRequests.object(request));
    return Response.ok(store.read(id, issue -> shown(request, issue, comment)));
  }

  Response delete(Request request, Author by) {
    store.comments().delete(by, request.id(), request.variables().get(1));
    return Response.empty(204);
  }

  private ObjectNode shown(Request request, Issue issue, Comment comment) {
    return json.comment(issue, comment, request.list("expand").contains("properties"));
  }
}
