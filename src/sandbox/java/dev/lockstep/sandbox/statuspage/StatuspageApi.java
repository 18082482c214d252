package dev.lockstep.sandbox.statuspage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** REST API v1: its routes, login, paging and errors. */
final class StatuspageApi implements ApiRules<String> {
  private static final String PAGE = "/v1/pages/{page_id}";
  private static final int MOST_LISTED = 100;

  private final PageState state;
  private final PageJson json;
  private final StatuspageOptions options;

  StatuspageApi(PageState state, StatuspageOptions options) {
    this.state = state;
    this.json = new PageJson(state, options.page);
    this.options = options;
  }

  Router<String> router() {
    return new Router<String>()
        .add("GET", PAGE, (call, caller) -> onPage(call, () -> Response.ok(json.page())))
        .add("GET", PAGE + "/incidents", (call, caller) -> onPage(call, () -> list(call)))
        .add("POST", PAGE + "/incidents", (call, caller) -> onPage(call, () -> create(call)))
        .add(
            "GET", PAGE + "/incidents/unresolved", (call, caller) -> onPage(call, () -> open(call)))
        .add("GET", PAGE + "/incidents/{id}", (call, caller) -> onPage(call, () -> get(call)))
        .add("PATCH", PAGE + "/incidents/{id}", (call, caller) -> onPage(call, () -> update(call)))
        .add("DELETE", PAGE + "/incidents/{id}", (call, caller) -> onPage(call, () -> delete(call)))
        .add("GET", PAGE + "/components", (call, caller) -> onPage(call, () -> components(call)))
        .add(
            "GET",
            PAGE + "/components/{id}",
            (call, caller) -> onPage(call, () -> component(call)));
  }

  private interface OnPage {
    Response answer();
  }

  private Response onPage(Request call, OnPage endpoint) {
    if (state.isDeleted() || !call.id().equals(options.page)) {
      throw StatuspageException.notFound();
    }
    return endpoint.answer();
  }

  /** "The maximum number of rows to return per page. The default and maximum limit is 100." */
  private Response list(Request call) {
    String text = call.parameter("q").orElse("").toLowerCase(Locale.ROOT);
    List<PageIncident> found =
        state.incidents().stream().filter(each -> mentions(each, text)).toList();
    return listed(call, "limit", found, json::incident);
  }

  /** "in the incidents' name, status, postmortem_body, and incident_updates fields" */
  private static boolean mentions(PageIncident incident, String text) {
    return incident.name().toLowerCase(Locale.ROOT).contains(text)
        || incident.status().word().contains(text)
        || incident.updates().stream()
            .anyMatch(update -> update.body().toLowerCase(Locale.ROOT).contains(text));
  }

  private Response open(Request call) {
    return listed(
        call,
        "per_page",
        state.incidents().stream().filter(each -> !each.isResolved()).toList(),
        json::incident);
  }

  private Response components(Request call) {
    return listed(call, "per_page", state.components(), json::component);
  }

  private static <T> Response listed(
      Request call, String sizeName, List<T> all, Function<T, ? extends JsonNode> shown) {
    int size = Math.min(MOST_LISTED, number(call, sizeName, MOST_LISTED));
    int from = Math.min(all.size(), (number(call, "page", 1) - 1) * size);
    return Response.ok(
        Json.array(
            all.subList(from, Math.min(all.size(), from + size)).stream().map(shown).toList()));
  }

  private static int number(Request call, String name, int otherwise) {
    String text = call.parameter(name).orElse(String.valueOf(otherwise));
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw new StatuspageException(400, name + " must be a positive integer");
    }
    return Integer.parseInt(text);
  }

  private Response create(Request call) {
    return Response.json(201, json.incident(state.create(IncidentInput.read(call))));
  }

  private Response get(Request call) {
    return Response.ok(json.incident(find(call)));
  }

  private PageIncident find(Request call) {
    return state.incident(call.variables().get(1)).orElseThrow(StatuspageException::notFound);
  }

  private Response update(Request call) {
    String id = find(call).id();
    return Response.ok(json.incident(state.update(id, IncidentInput.read(call))));
  }

  private Response delete(Request call) {
    PageIncident found = find(call);
    state.deleteIncident(found.id());
    return Response.ok(json.incident(found));
  }

  private Response component(Request call) {
    return Response.ok(
        json.component(
            state.component(call.variables().get(1)).orElseThrow(StatuspageException::notFound)));
  }

  @Override
  public String login(Request request) {
    String given =
        request
            .header("Authorization")
            .filter(header -> header.startsWith("OAuth "))
            .map(header -> header.substring("OAuth ".length()))
            .or(() -> request.parameter("api_key"))
            .orElse("");
    if (!given.equals(options.token)) {
      throw new StatuspageException(401, "Could not authenticate");
    }
    return given;
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return StatuspageException.notFound();
  }

  @Override
  public Response tooManyRequests() {
    return new StatuspageException(options.limitStatus, "You have exceeded the rate limit")
        .response();
  }

  /** None is documented. */
  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    return Map.of();
  }

  @Override
  public Response forbidden() {
    return new StatuspageException(403, "You are not authorized to access this resource.")
        .response();
  }

  @Override
  public Response failed() {
    return new StatuspageException(500, "Something went wrong").response();
  }
}
