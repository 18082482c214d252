package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** REST API v2: its routes, login, rate limit headers and errors. */
final class PagerDutyApi implements ApiRules<Requester> {

  /** Calls per minute, as "REST API Rate Limits" in the documentation says. */
  static final int DOCUMENTED_LIMIT = 960;

  private final AccountState account;
  private final WebhookSubscription webhooks;
  private final ChangeEvents changes;
  private final String authorization;

  PagerDutyApi(
      AccountState account,
      WebhookSubscription webhooks,
      ChangeEvents changes,
      PagerDutyOptions options) {
    this.changes = changes;
    this.account = account;
    this.webhooks = webhooks;
    this.authorization = "Token token=" + options.token;
  }

  Router<Requester> router() {
    IncidentEndpoints incidents = new IncidentEndpoints(account);
    TimelineEndpoints timeline = new TimelineEndpoints(account);
    DirectoryEndpoints directory = new DirectoryEndpoints(account);
    OnCallEndpoints onCall = new OnCallEndpoints(account);
    return new Router<Requester>()
        .add("GET", "/incidents", incidents::list)
        .add("POST", "/incidents", incidents::create)
        .add("PUT", "/incidents", incidents::updateMany)
        .add("GET", "/incidents/{id}", incidents::get)
        .add("PUT", "/incidents/{id}", incidents::update)
        .add("PUT", "/incidents/{id}/merge", incidents::merge)
        .add("GET", "/incidents/{id}/notes", timeline::notes)
        .add("POST", "/incidents/{id}/notes", timeline::addNote)
        .add("POST", "/incidents/{id}/status_updates", timeline::publish)
        .add("GET", "/incidents/{id}/log_entries", timeline::logOfOne)
        .add("GET", "/log_entries", timeline::logOfAll)
        .add("GET", "/change_events", changes::list)
        .add("GET", "/users", directory::users)
        .add("GET", "/users/{id}", directory::user)
        .add("GET", "/services", directory::services)
        .add("GET", "/services/{id}", directory::service)
        .add("GET", "/escalation_policies", directory::policies)
        .add("GET", "/escalation_policies/{id}", directory::policy)
        .add("GET", "/oncalls", onCall::list)
        .add("GET", "/priorities", directory::priorities)
        .add("GET", "/abilities", directory::abilities)
        .add("GET", "/webhook_subscriptions", this::subscriptions)
        .add("POST", "/webhook_subscriptions/{id}/enable", this::enableSubscription)
        .add("POST", "/webhook_subscriptions/{id}/ping", this::testSubscription);
  }

  /** Of a 404 the document shows no body here. */
  private Response enableSubscription(Request call, Requester requester) {
    return webhooks
        .enable(call.id())
        .map(shown -> Response.ok(Json.object().set("webhook_subscription", shown)))
        .orElse(Response.empty(404));
  }

  /** The answer names no event: "202 Accepted", without a body. */
  private Response testSubscription(Request call, Requester requester) {
    return Response.empty(webhooks.test(call.id()) ? 202 : 404);
  }

  private Response subscriptions(Request call, Requester requester) {
    return Response.ok(Page.of(call).body("webhook_subscriptions", webhooks.listed(), one -> one));
  }

  /** The Events API has a host and callers of its own. */
  @Override
  public Optional<Response> beforeLogin(Request request) {
    return changes.receive(request);
  }

  @Override
  public Requester login(Request request) {
    if (!request.header("Authorization").orElse("").equals(authorization)) {
      throw new PagerDutyException(401, 2006, "Authentication failed", List.of());
    }
    return Requester.of(request, account.directory());
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return PagerDutyException.notFound();
  }

  @Override
  public Response tooManyRequests() {
    return new PagerDutyException(429, 2020, "Rate Limit Exceeded", List.of()).response();
  }

  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    return Map.of(
        "ratelimit-limit", Integer.toString(quota.limit()),
        "ratelimit-remaining", Integer.toString(quota.remaining()),
        "ratelimit-reset", Long.toString(quota.untilReset().toSeconds()));
  }

  @Override
  public Response forbidden() {
    return new PagerDutyException(403, 2010, "Access Denied", List.of("Forbidden")).response();
  }

  @Override
  public Response failed() {
    String message = "An internal error has occurred. PagerDuty team has been notified.";
    return new PagerDutyException(500, 2000, message, List.of()).response();
  }
}
