package dev.lockstep.sandbox.servicenow;

import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Authenticates callers: basic authentication, or a bearer token from {@code /oauth_token.do} by
 * the grants client_credentials, password and refresh_token.
 *
 * <p>Source: "OAuth API request parameters" and "OAuth tokens" in ServiceNow's documentation.
 */
final class Login {
  private record Token(String userName, Instant until) {}

  private final Store store;
  private final Clock clock;
  private final ServiceNowOptions options;
  private final Map<String, UserSession.Access> access = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> roles = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> readOnly = new ConcurrentHashMap<>();
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();
  private final Map<String, Token> refreshes = new ConcurrentHashMap<>();

  Login(Store store, ServiceNowOptions options) {
    this.store = store;
    this.options = options;
    this.clock = options.clock;
    access.put("admin", UserSession.Access.ADMIN);
    access.put("system", UserSession.Access.ADMIN);
  }

  void grant(String userName, UserSession.Access granted) {
    access.put(userName, granted);
  }

  void give(String userName, String role) {
    roles.computeIfAbsent(userName, name -> ConcurrentHashMap.newKeySet()).add(role);
  }

  void denyWrites(String userName, Set<String> columns) {
    readOnly.put(userName, Set.copyOf(columns));
  }

  void forgetTokens() {
    tokens.clear();
  }

  /** A session of a user; one without a {@code sys_user} works as an agent, by that name. */
  UserSession actor(String userName, boolean overHttp) {
    synchronized (store) {
      String sysId = user(userName).map(Row::sysId).orElse("");
      UserSession.Access granted = access.getOrDefault(userName, UserSession.Access.WORK);
      return new UserSession(
          userName,
          sysId,
          granted,
          Set.copyOf(roles.getOrDefault(userName, Set.of())),
          readOnly.getOrDefault(userName, Set.of()),
          overHttp);
    }
  }

  private Optional<Row> user(String userName) {
    return store.lookUp("sys_user", "user_name", List.of(userName)).stream().findFirst();
  }

  Optional<UserSession> caller(Request request) {
    String authorization = request.header("Authorization").orElse("");
    if (authorization.startsWith("Bearer ")) {
      return Optional.ofNullable(tokens.get(authorization.substring("Bearer ".length()).strip()))
          .filter(this::alive)
          .map(token -> actor(token.userName(), true));
    }
    return request
        .basicCredentials()
        .filter(credentials -> passes(credentials.user(), credentials.password()))
        .map(credentials -> actor(credentials.user(), true));
  }

  private boolean alive(Token token) {
    return clock.instant().isBefore(token.until());
  }

  private boolean passes(String userName, String password) {
    if (!password.equals(options.password)) {
      return false;
    }
    synchronized (store) {
      return user(userName).filter(row -> !row.get("active").equals("false")).isPresent();
    }
  }

  /** Answers {@code POST /oauth_token.do}. */
  Response token(Request request) {
    Map<String, String> form = new HashMap<>();
    Request.form(request.body()).forEach((name, values) -> form.put(name, values.get(0)));
    Request.Credentials basic = request.basicCredentials().orElse(new Request.Credentials("", ""));
    String id = form.getOrDefault("client_id", basic.user());
    String secret = form.getOrDefault("client_secret", basic.password());
    if (!id.equals(options.clientId) || !secret.equals(options.clientSecret)) {
      return denied(401, "invalid_client");
    }
    return switch (form.getOrDefault("grant_type", "")) {
      case "client_credentials" -> issued(options.username, false);
      case "password" -> {
        String userName = form.getOrDefault("username", "");
        yield passes(userName, form.getOrDefault("password", ""))
            ? issued(userName, true)
            : denied(401, "access_denied");
      }
      case "refresh_token" -> {
        Token refresh = refreshes.remove(form.getOrDefault("refresh_token", ""));
        yield refresh != null && alive(refresh)
            ? issued(refresh.userName(), true)
            : denied(401, "invalid_grant");
      }
      default -> denied(400, "unsupported_grant_type");
    };
  }

  private Response issued(String userName, boolean refreshable) {
    Instant now = clock.instant();
    tokens.values().removeIf(token -> !alive(token));
    String access = random();
    tokens.put(access, new Token(userName, now.plus(options.tokenLife)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", access);
    if (refreshable) {
      String refresh = random();
      refreshes.put(refresh, new Token(userName, now.plus(Duration.ofDays(100))));
      body.put("refresh_token", refresh);
    }
    body.put("scope", "useraccount");
    body.put("token_type", "Bearer");
    body.put("expires_in", options.tokenLife.toSeconds());
    return Response.json(200, body);
  }

  private static Response denied(int status, String error) {
    return Response.json(status, Map.of("error", error, "error_description", "access_denied"));
  }

  private static String random() {
    return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
  }
}
