package dev.lockstep.sandbox.jira;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which endpoint answers which path. */
final class Routes {

  /** One call, and what its path has in braces, in order. */
  record Request(HttpCall call, JiraUser caller, List<String> path) {

    Author actor() {
      return new Author(caller, true);
    }
  }

  /** Answers one kind of call. */
  interface Endpoint {
    Answer answer(Request request);
  }

  private static final String ROOT = "/rest/api/3";
  private static final String GONE =
      "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full"
          + " migration guideline is available at"
          + " https://developer.atlassian.com/changelog/#CHANGE-2046";

  private record Route(String method, String template, List<String> segments, Endpoint endpoint) {

    Optional<List<String>> match(List<String> path) {
      if (path.size() != segments.size()) {
        return Optional.empty();
      }
      List<String> found = new ArrayList<>();
      for (int i = 0; i < path.size(); i++) {
        if (segments.get(i).startsWith("{")) {
          found.add(path.get(i));
        } else if (!segments.get(i).equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(found);
    }
  }

  private final List<Route> routes = new ArrayList<>();

  Routes(Site site, IssueStore tracker, Search search, IssueJson json, JiraOptions options) {
    // Literal paths first: {issueIdOrKey} would match them too.
    SiteEndpoints config = new SiteEndpoints(site, json, options);
    add("GET", "/myself", config::myself);
    add("GET", "/serverInfo", config::serverInfo);
    add("GET", "/project/{key}", config::project);
    add("GET", "/project/{key}/components", config::components);
    add("GET", "/component/{id}", config::component);
    add("GET", "/priority", config::priorities);
    add("GET", "/priority/search", config::prioritySearch);
    add("GET", "/status", config::statuses);
    add("GET", "/field", config::fields);
    add("GET", "/issueLinkType", config::linkTypes);
    UserEndpoints users = new UserEndpoints(site, tracker, json);
    add("GET", "/user", users::user);
    add("GET", "/user/search", users::search);
    add("GET", "/user/assignable/search", users::assignable);
    IssueEndpoints issues = new IssueEndpoints(site, tracker, json);
    add("POST", "/issue", issues::create);
    add("GET", "/issue/{id}", issues::get);
    add("PUT", "/issue/{id}", issues::edit);
    add("DELETE", "/issue/{id}", issues::delete);
    add("GET", "/issue/{id}/transitions", issues::transitions);
    add("POST", "/issue/{id}/transitions", issues::transition);
    add("GET", "/issue/{id}/changelog", issues::changelog);
    CommentEndpoints comments = new CommentEndpoints(tracker, json);
    add("GET", "/issue/{id}/comment", comments::list);
    add("POST", "/issue/{id}/comment", comments::add);
    add("GET", "/issue/{id}/comment/{id}", comments::get);
    add("PUT", "/issue/{id}/comment/{id}", comments::edit);
    add("DELETE", "/issue/{id}/comment/{id}", comments::delete);
    LinkEndpoints links = new LinkEndpoints(tracker, json);
    add("POST", "/issueLink", links::link);
    add("GET", "/issueLink/{id}", links::get);
    add("DELETE", "/issueLink/{id}", links::unlink);
    add("GET", "/issue/{id}/remotelink", links::remoteLinks);
    add("POST", "/issue/{id}/remotelink", links::remoteLink);
    add("DELETE", "/issue/{id}/remotelink/{id}", links::deleteRemoteLink);
    PropertyEndpoints properties = new PropertyEndpoints(tracker, json);
    add("GET", "/issue/{id}/properties", properties::keys);
    add("GET", "/issue/{id}/properties/{key}", properties::get);
    add("PUT", "/issue/{id}/properties/{key}", properties::set);
    add("DELETE", "/issue/{id}/properties/{key}", properties::delete);
    add("GET", "/search/jql", request -> search.get(request.call(), request.caller()));
    add("POST", "/search/jql", request -> search.post(request.call(), request.caller()));
    add("GET", "/search", Routes::gone);
    add("POST", "/search", Routes::gone);
  }

  Answer answer(HttpCall call, JiraUser caller) {
    boolean known = false;
    for (Route route : routes) {
      List<String> found = route.match(call.path()).orElse(null);
      if (found != null && route.method().equals(call.method())) {
        return route.endpoint().answer(new Request(call, caller, found));
      }
      known |= found != null;
    }
    throw new JiraException(
        known ? 405 : 404, List.of(known ? "Method Not Allowed" : "Not Found"), Map.of());
  }

  /** The path with ids taken out. */
  String templateOf(HttpCall call) {
    return routes.stream()
        .filter(route -> route.match(call.path()).isPresent())
        .map(Route::template)
        .findFirst()
        .orElse("(unknown)");
  }

  private static Answer gone(Request request) {
    throw new JiraException(410, List.of(GONE), Map.of());
  }

  private void add(String method, String path, Endpoint endpoint) {
    String template = ROOT + path;
    routes.add(new Route(method, template, List.of(template.split("/", -1)), endpoint));
  }
}
