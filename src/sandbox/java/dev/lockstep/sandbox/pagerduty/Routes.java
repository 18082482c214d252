package dev.lockstep.sandbox.pagerduty;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which endpoint answers which path. */
final class Routes {

  /** Gets what stood for {@code {id}} in the path as well, empty where there is none. */
  interface Endpoint {
    Answer answer(HttpCall call, String id);
  }

  private record Route(String method, String template, List<String> segments, Endpoint endpoint) {

    /** The id in the path if it is of this route, an empty one if the route has none. */
    Optional<String> match(List<String> path) {
      if (path.size() != segments.size()) {
        return Optional.empty();
      }
      String id = "";
      for (int i = 0; i < path.size(); i++) {
        if (segments.get(i).equals("{id}")) {
          id = path.get(i);
        } else if (!segments.get(i).equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(id);
    }
  }

  private final List<Route> routes = new ArrayList<>();

  Routes(AccountState account) {
    IncidentEndpoints incidents = new IncidentEndpoints(account);
    add("GET", "/incidents", incidents::list);
    add("POST", "/incidents", incidents::create);
    add("PUT", "/incidents", incidents::updateMany);
    add("GET", "/incidents/{id}", incidents::get);
    add("PUT", "/incidents/{id}", incidents::update);
    add("PUT", "/incidents/{id}/merge", incidents::merge);
    TimelineEndpoints timeline = new TimelineEndpoints(account);
    add("GET", "/incidents/{id}/notes", timeline::notes);
    add("POST", "/incidents/{id}/notes", timeline::addNote);
    add("POST", "/incidents/{id}/status_updates", timeline::publish);
    add("GET", "/incidents/{id}/log_entries", timeline::logOfOne);
    add("GET", "/log_entries", timeline::logOfAll);
    DirectoryEndpoints directory = new DirectoryEndpoints(account);
    add("GET", "/users", directory::users);
    add("GET", "/users/{id}", directory::user);
    add("GET", "/services", directory::services);
    add("GET", "/services/{id}", directory::service);
    add("GET", "/escalation_policies", directory::policies);
    add("GET", "/escalation_policies/{id}", directory::policy);
    add("GET", "/priorities", directory::priorities);
    add("GET", "/abilities", directory::abilities);
  }

  Answer answer(HttpCall call) {
    List<String> path = segments(call.path());
    for (Route route : routes) {
      Optional<String> id = route.method().equals(call.method()) ? route.match(path) : none();
      if (id.isPresent()) {
        return route.endpoint().answer(call, id.get());
      }
    }
    throw PagerDutyException.notFound();
  }

  /** The path with ids taken out. */
  String templateOf(HttpCall call) {
    List<String> path = segments(call.path());
    return routes.stream()
        .filter(route -> route.match(path).isPresent())
        .map(Route::template)
        .findFirst()
        .orElse("(unknown)");
  }

  private void add(String method, String template, Endpoint endpoint) {
    routes.add(new Route(method, template, segments(template), endpoint));
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private static Optional<String> none() {
    return Optional.empty();
  }
}
