package dev.lockstep.sandbox.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which endpoint answers which method and path. Routes are tried in the order they were added.
 *
 * @param <U> who calls
 */
public final class Router<U> {

  /**
   * Answers one kind of call.
   *
   * @param <U> who calls
   */
  public interface Endpoint<U> {

    /**
     * @throws ApiException to refuse
     */
    Response answer(Request request, U caller);
  }

  record Route<U>(String method, String template, List<String> segments, Endpoint<U> endpoint) {

    /** What the path has in place of the braces; empty when it is another route's path. */
    Optional<List<String>> match(List<String> path) {
      if (path.size() != segments.size()) {
        return Optional.empty();
      }
      List<String> variables = new ArrayList<>();
      for (int i = 0; i < path.size(); i++) {
        if (segments.get(i).startsWith("{")) {
          variables.add(path.get(i));
        } else if (!segments.get(i).equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(variables);
    }
  }

  private final List<Route<U>> routes = new ArrayList<>();

  /**
   * @param template a path, with a name in braces for each segment that may be anything
   */
  public Router<U> add(String method, String template, Endpoint<U> endpoint) {
    routes.add(new Route<>(method, template, List.of(template.split("/", -1)), endpoint));
    return this;
  }

  Response answer(Request request, U caller, ApiRules<U> rules) {
    boolean known = false;
    for (Route<U> route : routes) {
      List<String> variables = route.match(request.path()).orElse(null);
      if (variables != null && route.method().equals(request.method())) {
        return route.endpoint().answer(request.withVariables(variables), caller);
      }
      known |= variables != null;
    }
    throw rules.notRouted(known);
  }

  /** The path with ids taken out. */
  String templateOf(Request request) {
    return routes.stream()
        .filter(route -> route.match(request.path()).isPresent())
        .map(Route::template)
        .findFirst()
        .orElse("(unknown)");
  }
}
