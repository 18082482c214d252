package dev.lockstep.sandbox.servicenow;

import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The instance as a caller meets it: routes, login, access to the API, rate limit and errors. */
final class ServiceNowApi implements ApiRules<UserSession> {

  static final String TOKEN_PATH = "/oauth_token.do";

  /** Calls per hour that an injected 429 states. */
  static final int LIMIT = 100;

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final Login login;
  private final Clock clock;
  private volatile boolean hibernating;
  private volatile JournalAccess journal = JournalAccess.READABLE;

  ServiceNowApi(Login login, Clock clock) {
    this.login = login;
    this.clock = clock;
  }

  void journal(JournalAccess access) {
    journal = access;
  }

  void hibernate(boolean value) {
    hibernating = value;
  }

  Router<UserSession> router(TableApi tables) {
    Router<UserSession> router = new Router<>();
    for (String version : List.of("", "/v1", "/v2")) {
      for (String slash : List.of("", "/")) {
        String table = "/api/now" + version + "/table/{table}" + slash;
        String record = "/api/now" + version + "/table/{table}/{sys_id}" + slash;
        boolean first = version.equals("/v1");
        add(router, "GET", table, (call, caller) -> tables.list(call, caller, first));
        add(router, "POST", table, tables::create);
        add(router, "GET", record, tables::get);
        add(router, "PUT", record, tables::update);
        add(router, "PATCH", record, tables::update);
        add(router, "DELETE", record, tables::delete);
      }
    }
    return router;
  }

  private void add(
      Router<UserSession> router,
      String method,
      String template,
      Router.Endpoint<UserSession> endpoint) {
    router.add(
        method,
        template,
        (call, caller) -> refusal(call, caller).orElseGet(() -> endpoint.answer(call, caller)));
  }

  private Optional<Response> refusal(Request call, UserSession caller) {
    if (caller.access() == UserSession.Access.NONE) {
      throw new ServiceNowException(403, "User Not Authorized", "Failed API level ACL Validation");
    }
    String accept = call.header("Accept").orElse("");
    if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*")) {
      throw new ServiceNowException(
          406, "Not acceptable", "This instance answers application/json only");
    }
    String type = call.header("Content-Type").orElse("");
    if (WITH_BODY.contains(call.method()) && !type.isEmpty() && !type.contains("json")) {
      throw new ServiceNowException(
          415, "Unsupported Media Type", "Content type not supported: " + type);
    }
    String table = call.id();
    if (table.equals(Schema.BUSINESS_RULE) && !caller.has("business_rule_admin")) {
      throw insufficient(table);
    }
    if (!table.equals(Schema.JOURNAL_FIELD) || journal == JournalAccess.READABLE) {
      return Optional.empty();
    }
    if (journal == JournalAccess.HIDDEN && call.variables().size() == 1) {
      return Optional.of(Response.ok(Map.of("result", List.of())).with("X-Total-Count", "0"));
    }
    throw insufficient(table);
  }

  private static ServiceNowException insufficient(String table) {
    return new ServiceNowException(
        403,
        "Operation Failed",
        "ACL Exception Insufficient rights to query records from " + table);
  }

  @Override
  public Optional<Response> beforeLogin(Request request) {
    if (hibernating) {
      // A developer instance that sleeps answers 200 and a page, whatever was asked.
      return Optional.of(
          Response.html(
              200, "<html><head><title>Instance Hibernating page</title></head><body/></html>"));
    }
    if (!request.fullPath().equals(TOKEN_PATH)) {
      return Optional.empty();
    }
    if (!request.method().equals("POST")) {
      throw notRouted(true);
    }
    return Optional.of(login.token(request));
  }

  @Override
  public UserSession login(Request request) {
    return login
        .caller(request)
        .orElseThrow(
            () ->
                new ServiceNowException(
                    401, "User Not Authenticated", "Required to provide Auth information"));
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return knownPath
        ? new ServiceNowException(405, "Method not supported", "")
        : new ServiceNowException(400, "Requested URI does not represent any resource", "");
  }

  @Override
  public Response tooManyRequests() {
    return new ServiceNowException(
            429,
            "Rate limit exceeded",
            "Rate limit of " + LIMIT + " requests per hour for Table API exceeded")
        .response();
  }

  /** Only a refused call states the limit. */
  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    if (quota.allowed()) {
      return Map.of();
    }
    long reset = clock.instant().plus(quota.untilReset()).getEpochSecond();
    return Map.of(
        "Retry-After", Long.toString(quota.untilReset().toSeconds()),
        "X-RateLimit-Limit", Integer.toString(quota.limit()),
        "X-RateLimit-Reset", Long.toString(reset),
        "X-RateLimit-Rule", "5f1b7a0c2b3c4d5e6f708192a3b4c5d6");
  }

  @Override
  public Response forbidden() {
    return new ServiceNowException(
            403,
            "Operation against file was aborted by Business Rule or ACL",
            "ACL Exception: insufficient rights to query records")
        .response();
  }

  @Override
  public Response failed() {
    return new ServiceNowException(
            500, "Transaction cancelled: maximum execution time exceeded", "")
        .response();
  }

  /** Tables are counted apart. */
  @Override
  public String countedAs(Request request, String template) {
    return request.fullPath().replaceAll("[0-9a-f]{32}", "{sys_id}");
  }
}
