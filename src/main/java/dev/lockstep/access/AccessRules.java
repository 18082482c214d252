package dev.lockstep.access;

import static dev.lockstep.access.Role.ADMIN;
import static dev.lockstep.access.Role.OPERATOR;
import static dev.lockstep.access.Role.VIEWER;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Who may what, for the console and the API alike. What no rule covers is denied to everyone. */
final class AccessRules {
  private static final List<HttpMethod> READ = List.of(GET, HEAD);
  private static final List<HttpMethod> WRITE = List.of(POST, PUT, DELETE);

  private static final List<Rule> RULES =
      Stream.of(
              // Each webhook is verified by its signature; probes and scrapers see no record.
              anyone(WRITE, "/webhooks/**"),
              anyone(READ, "/webhooks/**", "/health", "/health/**", "/metrics"),
              // The API.
              only(ADMIN, READ, "/api/tokens/**", "/api/users/**"),
              only(ADMIN, WRITE, "/api/tokens/**", "/api/users/**"),
              only(
                  VIEWER,
                  READ,
                  "/api/backfill/**",
                  "/api/communications/**",
                  "/api/dead-letters/**",
                  "/api/duplicates/**",
                  "/api/incident-managers/**",
                  "/api/incidents/**",
                  "/api/notes/**",
                  "/api/pairs/**",
                  "/api/pauses/**",
                  "/api/postmortems/**",
                  "/api/problems/**",
                  "/api/reconciliation/**",
                  "/api/report/**",
                  "/api/systems",
                  "/api/trace/**"),
              only(
                  OPERATOR,
                  WRITE,
                  "/api/audit/**",
                  "/api/backfill/**",
                  "/api/communications/**",
                  "/api/dead-letters/**",
                  "/api/duplicates/**",
                  "/api/incident-managers/**",
                  "/api/notes/**",
                  "/api/pauses/**",
                  "/api/postmortems/**",
                  "/api/problems/**",
                  "/api/reconciliation/**"),
              // The console.
              anyone(READ, "/login", "/assets/**", "/webjars/**"),
              only(ADMIN, READ, "/settings/**", "/tokens/**", "/users/**"),
              only(ADMIN, WRITE, "/settings/**", "/tokens/**", "/users/**"),
              only(
                  VIEWER,
                  READ,
                  "/",
                  "/action-items/**",
                  "/audit/**",
                  "/audit.csv",
                  "/communications/**",
                  "/conflicts/**",
                  "/dead-letters/**",
                  "/duplicates/**",
                  "/events/**",
                  "/incident-managers/**",
                  "/incidents/**",
                  "/maintenance/**",
                  "/mappings/**",
                  "/overview",
                  "/plans/**",
                  "/postmortems/**",
                  "/problems/**",
                  "/reports/**"),
              only(
                  OPERATOR,
                  WRITE,
                  "/action-items/**",
                  "/communications/**",
                  "/conflicts/**",
                  "/dead-letters/**",
                  "/duplicates/**",
                  "/incident-managers/**",
                  "/incidents/**",
                  "/maintenance/**",
                  "/plans/**",
                  "/postmortems/**",
                  "/problems/**"))
          .flatMap(rules -> rules)
          .toList();

  /**
   * @param role the least that is needed; null: anyone, without logging in
   */
  record Rule(List<HttpMethod> methods, RequestMatcher path, @Nullable Role role) {
    boolean covers(HttpServletRequest request) {
      return methods.contains(HttpMethod.valueOf(request.getMethod())) && path.matches(request);
    }
  }

  private AccessRules() {}

  static Optional<Rule> find(HttpServletRequest request) {
    return RULES.stream().filter(rule -> rule.covers(request)).findFirst();
  }

  /** Whether the path exists, if only for other methods. */
  static boolean knowsPath(HttpServletRequest request) {
    return RULES.stream().anyMatch(rule -> rule.path().matches(request));
  }

  static void apply(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          requests) {
    for (Rule rule : RULES) {
      var matching = requests.requestMatchers(rule::covers);
      if (rule.role() == null) {
        matching.permitAll();
      } else {
        matching.hasRole(rule.role().name());
      }
    }
    requests.anyRequest().denyAll();
  }

  private static Stream<Rule> anyone(List<HttpMethod> methods, String... patterns) {
    return rules(null, methods, patterns);
  }

  private static Stream<Rule> only(Role role, List<HttpMethod> methods, String... patterns) {
    return rules(role, methods, patterns);
  }

  private static Stream<Rule> rules(
      @Nullable Role role, List<HttpMethod> methods, String... patterns) {
    return Stream.of(patterns)
        .map(pattern -> PathPatternRequestMatcher.withDefaults().matcher(pattern))
        .map(path -> new Rule(methods, path, role));
  }
}
