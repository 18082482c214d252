package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiException;
import dev.lockstep.sandbox.http.ApiRules;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import dev.lockstep.sandbox.http.Router;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The public API: its routes, login, permissions, rate limit and errors. */
final class IncidentIoApi implements ApiRules<IncidentActor> {

  /** "The default rate limit is 1,200 requests/minute per API key". */
  static final int DOCUMENTED_LIMIT = 1200;

  /** Go's {@code time.RFC1123} of a time in UTC, which is no date of RFC 9110. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final IncidentCalls incidents;
  private final OrganisationCalls organisation;
  private final Set<String> roles;
  private final String authorization;
  private final Clock clock;

  IncidentIoApi(
      IncidentCalls incidents, OrganisationCalls organisation, IncidentIoOptions options) {
    this.incidents = incidents;
    this.organisation = organisation;
    this.roles = options.roles;
    this.authorization = "Bearer " + options.token;
    this.clock = options.clock;
  }

  Router<IncidentActor> router() {
    return new Router<IncidentActor>()
        .add("GET", "/v1/identity", organisation::identity)
        .add("GET", "/v2/incidents", needs("viewer", incidents::list))
        .add("POST", "/v2/incidents", needs("incident_creator", incidents::create))
        .add("GET", "/v2/incidents/{id}", needs("viewer", incidents::show))
        .add("POST", "/v2/incidents/{id}/actions/edit", needs("incident_editor", incidents::edit))
        .add("GET", "/v2/incident_updates", needs("viewer", incidents::updates))
        .add("GET", "/v1/incident_statuses", needs("viewer", organisation::statuses))
        .add("GET", "/v1/incident_statuses/{id}", needs("viewer", organisation::status))
        .add("GET", "/v1/severities", needs("viewer", organisation::severities))
        .add("GET", "/v1/severities/{id}", needs("viewer", organisation::severity))
        .add("GET", "/v2/incident_roles", needs("viewer", organisation::incidentRoles))
        .add("GET", "/v2/custom_fields", needs("viewer", organisation::fields))
        .add("GET", "/v1/custom_field_options", needs("viewer", organisation::options))
        .add("GET", "/v1/custom_field_options/{id}", needs("viewer", organisation::option))
        .add("GET", "/v3/catalog_entries", needs("catalog_viewer", organisation::entries))
        .add("GET", "/v3/catalog_entries/{id}", needs("catalog_viewer", organisation::entry))
        .add("GET", "/v2/users", needs("viewer", organisation::users))
        .add("GET", "/v2/users/{id}", needs("viewer", organisation::user));
  }

  private Router.Endpoint<IncidentActor> needs(
      String role, Router.Endpoint<IncidentActor> endpoint) {
    return (call, caller) -> {
      if (!roles.contains(role)) {
        throw IncidentIoException.forbidden(role);
      }
      return endpoint.answer(call, caller);
    };
  }

  @Override
  public IncidentActor login(Request request) {
    if (!request.header("Authorization").orElse("").equals(authorization)) {
      throw IncidentIoException.unauthenticated();
    }
    return IncidentActor.API_KEY;
  }

  @Override
  public ApiException notRouted(boolean knownPath) {
    return IncidentIoException.notFound();
  }

  @Override
  public Response tooManyRequests() {
    ObjectNode json =
        Json.object()
            .put("type", "too_many_requests")
            .put("status", 429)
            .put("request_id", UUID.randomUUID().toString());
    json.putObject("rate_limit")
        .put("name", "api_key")
        .put("limit", DOCUMENTED_LIMIT)
        .put("remaining", 0);
    return Response.json(429, json);
  }

  /** A success states nothing. */
  @Override
  public Map<String, String> limitHeaders(RateLimit.Quota quota) {
    return quota.allowed()
        ? Map.of()
        : Map.of(
            "Retry-After",
            DATE.format(
                clock
                    .instant()
                    .plus(quota.untilReset())
                    .truncatedTo(ChronoUnit.SECONDS)
                    .plusSeconds(1)));
  }

  @Override
  public Response forbidden() {
    return IncidentIoException.forbidden("viewer").response();
  }

  @Override
  public Response failed() {
    return IncidentIoException.internal().response();
  }
}
