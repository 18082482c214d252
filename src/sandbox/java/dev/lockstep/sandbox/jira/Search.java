package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.jira.Jql.Order;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code /rest/api/3/search/jql}. A page begins behind the last issue of the page before in the
 * order of the query: an issue that moves while somebody pages may be met twice or never, all
 * others once.
 */
final class Search {

  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 5000;
  private static final int MOST_RECONCILED = 50;
  private static final Duration TOKEN_LIFE = Duration.ofDays(7);

  private final Site site;
  private final SearchIndex index;
  private final Clock clock;
  private final IssueJson json;
  private final int largestPage;

  Search(Site site, SearchIndex index, JiraOptions options, IssueJson json) {
    this.site = site;
    this.index = index;
    this.clock = options.clock;
    this.json = json;
    this.largestPage = Math.min(LARGEST_PAGE, options.largestPage);
  }

  Response get(Request request, Author by) {
    ObjectNode body = Json.object();
    request.parameter("jql").ifPresent(jql -> body.put("jql", jql));
    request.parameter("nextPageToken").ifPresent(token -> body.put("nextPageToken", token));
    body.put("maxResults", JiraRequests.number(request, "maxResults", PAGE));
    request.list("fields").forEach(body.putArray("fields")::add);
    request.list("properties").forEach(body.putArray("properties")::add);
    ArrayNode reconciled = body.putArray("reconcileIssues");
    request.list("reconcileIssues").forEach(id -> reconciled.add(number(id)));
    return answer(body, by.user());
  }

  Response post(Request request, Author by) {
    return answer(JiraRequests.object(request), by.user());
  }

  /**
   * @throws JiraException when a webhook's filter makes no sense
   */
  void require(String filter, JiraUser caller) {
    parse(filter, caller);
  }

  /** Whether a webhook's filter lets an issue through; one that makes no sense lets none. */
  boolean matches(String filter, Issue issue, JiraUser caller) {
    try {
      Predicate<Issue> where = filter.isBlank() ? null : parse(filter, caller).where();
      return where == null || where.test(issue);
    } catch (JiraException unknownValue) {
      return false;
    }
  }

  private Response answer(ObjectNode body, JiraUser caller) {
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!Set.of(
                      ("jql nextPageToken maxResults fields expand properties fieldsByKeys failFast"
                              + " reconcileIssues")
                          .split(" ", -1))
                  .contains(name)) {
                // Such as startAt, which the older search knew.
                throw JiraException.badRequest(
                    "Invalid request payload. Refer to the REST API documentation and try again.");
              }
            });
    String text = body.path("jql").asText();
    Jql query = parse(text, caller);
    Predicate<Issue> where = query.where();
    if (where == null) {
      throw JiraException.badRequest(
          "Unbounded JQL queries are not allowed here. Please add a search restriction to your"
              + " query.");
    }
    int size = body.path("maxResults").asInt(PAGE);
    if (size < 1) {
      throw JiraException.badRequest("The value of maxResults must be between 1 and 5000.");
    }
    Ordering ordering = new Ordering(query.order());
    Instant now = clock.instant();
    List<Issue> found =
        new ArrayList<>(
            index.visible(now, reconciled(body.path("reconcileIssues"))).stream()
                .filter(where)
                .sorted(ordering)
                .toList());
    JsonNode token = body.path("nextPageToken");
    if (token.isTextual()) {
      Cursor after = Cursor.read(token.textValue(), text, now);
      found.removeIf(issue -> ordering.compare(ordering.keys(issue), after.keys()) <= 0);
    }
    return page(body, found, Math.min(size, largestPage), ordering, text);
  }

  private Response page(
      ObjectNode body, List<Issue> found, int size, Ordering ordering, String jql) {
    List<Issue> page = found.subList(0, Math.min(size, found.size()));
    List<String> fields = strings(body.path("fields"));
    List<String> properties = strings(body.path("properties"));
    ObjectNode answer = Json.object();
    ArrayNode issues = answer.putArray("issues");
    for (Issue issue : page) {
      boolean idOnly = fields.isEmpty() || fields.equals(List.of("id"));
      ObjectNode shown = idOnly ? Json.object().put("id", issue.id) : json.issue(issue, fields);
      if (!properties.isEmpty()) {
        ObjectNode asked = shown.putObject("properties");
        issue.properties.forEach(
            (key, value) -> {
              if (properties.contains(key)) {
                asked.set(key, value);
              }
            });
      }
      issues.add(shown);
    }
    boolean last = page.size() == found.size();
    if (!last) {
      List<String> keys = ordering.keys(page.get(page.size() - 1));
      answer.put("nextPageToken", new Cursor(jql, keys, clock.instant()).written());
    }
    return Response.ok(answer.put("isLast", last));
  }

  private Jql parse(String jql, JiraUser caller) {
    return Jql.parse(jql, site, caller, clock.instant());
  }

  private static Set<String> reconciled(JsonNode ids) {
    if (ids.size() > MOST_RECONCILED) {
      throw JiraException.badRequest("reconcileIssues accepts 50 ids at most.");
    }
    Set<String> reconciled = new HashSet<>();
    for (JsonNode id : ids) {
      if (!id.isIntegralNumber()) {
        throw JiraException.badRequest("reconcileIssues must be ids of issues.");
      }
      reconciled.add(id.asText());
    }
    return reconciled;
  }

  private static long number(String id) {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw JiraException.badRequest("reconcileIssues must be ids of issues.");
    }
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(each -> strings.add(each.asText()));
    return strings;
  }

  /** Orders issues by texts that sort as what they stand for; the id decides what is equal. */
  private static final class Ordering implements Comparator<Issue> {

    private final List<Order> orders;

    private Ordering(List<Order> orders) {
      this.orders = orders;
    }

    @Override
    public int compare(Issue one, Issue other) {
      return compare(keys(one), keys(other));
    }

    private int compare(List<String> one, List<String> other) {
      for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
        int order = one.get(i).compareTo(other.get(i));
        if (order != 0) {
          return i < orders.size() && orders.get(i).descending() ? -order : order;
        }
      }
      return 0;
    }

    private List<String> keys(Issue issue) {
      List<String> keys = new ArrayList<>();
      orders.forEach(order -> keys.add(key(issue, order.field())));
      keys.add(padded(Long.parseLong(issue.id)));
      return keys;
    }

    private static String key(Issue issue, String field) {
      return switch (field) {
        case "updated" -> padded(issue.updated.toEpochMilli());
        case "created" -> padded(issue.created.toEpochMilli());
        default -> issue.project.key() + "-" + padded(issue.number);
      };
    }

    private static String padded(long number) {
      return "%019d".formatted(number);
    }
  }

  /** Where the next page begins. What callers see of it means nothing to them. */
  private record Cursor(String jql, List<String> keys, Instant issued) {

    private String written() {
      ObjectNode content = Json.object().put("q", jql.strip()).put("t", issued.toEpochMilli());
      keys.forEach(content.putArray("k")::add);
      byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Cursor read(String token, String jql, Instant now) {
      JsonNode content = decoded(token);
      if (content == null
          || !content.path("q").asText().equals(jql.strip())
          || Instant.ofEpochMilli(content.path("t").asLong()).plus(TOKEN_LIFE).isBefore(now)) {
        throw JiraException.badRequest("The provided next page token is invalid or has expired.");
      }
      return new Cursor(jql, strings(content.path("k")), now);
    }

    private static @Nullable JsonNode decoded(String token) {
      try {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        return Json.read(new String(bytes, StandardCharsets.UTF_8)).orElse(null);
      } catch (IllegalArgumentException notBase64) {
        return null;
      }
    }
  }
}
