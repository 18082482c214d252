package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Users, found by id or by how their name or address begins. */
final class UserEndpoints {

  private static final int PAGE = 50;

  /** "up to the thousandth user". */
  private static final int LAST = 1000;

  private final Site site;
  private final IssueStore store;
  private final SiteJson json;

  UserEndpoints(Site site, IssueStore store, SiteJson json) {
    this.site = site;
    this.store = store;
    this.json = json;
  }

  Response user(Request request, Author by) {
    String id =
        request
            .parameter("accountId")
            .orElseThrow(
                () -> JiraException.badRequest("Either the accountId or the query is required."));
    JiraUser user =
        site.user(id)
            .orElseThrow(
                () ->
                    JiraException.notFound(
                        "Specified user does not exist or you do not have required permissions"));
    return Response.ok(json.user(user));
  }

  /** "Returns a list of active users that match the search string". */
  Response search(Request request, Author by) {
    Stream<JiraUser> found = matching(request).filter(JiraUser::active);
    return page(request, found);
  }

  Response assignable(Request request, Author by) {
    String issue = request.parameter("issueKey").or(() -> request.parameter("issueId")).orElse("");
    String project = request.parameter("project").orElse("");
    if (issue.isEmpty() && project.isEmpty()) {
      throw JiraException.badRequest("A project or an issue must be provided.");
    }
    if (!issue.isEmpty() && !store.exists(issue)) {
      throw JiraException.noIssue();
    }
    if (issue.isEmpty()) {
      site.requireProject(project);
    }
    return page(request, matching(request).filter(JiraUser::active).filter(JiraUser::assignable));
  }

  private Stream<JiraUser> matching(Request request) {
    Optional<String> query = request.parameter("query");
    Optional<String> id = request.parameter("accountId");
    if (query.isPresent() == id.isPresent()) {
      throw JiraException.badRequest(
          "Either the query or the accountId parameter is required, not both.");
    }
    if (id.isPresent()) {
      return site.user(id.get()).stream();
    }
    String wanted = query.orElse("").toLowerCase(Locale.ROOT);
    return site.users().stream().filter(user -> begins(user, wanted));
  }

  /**
   * "The string can match the prefix of the attribute's value". A hidden address is searched all
   * the same, as Atlassian's privacy guide tells those who have an address to do.
   */
  private static boolean begins(JiraUser user, String wanted) {
    return user.email().toLowerCase(Locale.ROOT).startsWith(wanted)
        || user.displayName().toLowerCase(Locale.ROOT).startsWith(wanted)
        || Arrays.stream(user.displayName().toLowerCase(Locale.ROOT).split(" ", -1))
            .anyMatch(word -> word.startsWith(wanted));
  }

  private Response page(Request request, Stream<JiraUser> users) {
    ArrayNode found = Json.array();
    users
        .limit(LAST)
        .skip(JiraRequests.number(request, "startAt", 0))
        .limit(JiraRequests.number(request, "maxResults", PAGE))
        .forEach(user -> found.add(json.user(user)));
    return Response.ok(found);
  }
}
