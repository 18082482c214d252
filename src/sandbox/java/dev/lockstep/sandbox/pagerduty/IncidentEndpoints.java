package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Request;
import dev.lockstep.sandbox.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code /incidents}. */
final class IncidentEndpoints {

  private static final int MOST_UPDATES = 250;

  private final AccountState account;
  private final IncidentRequests requests;

  IncidentEndpoints(AccountState account) {
    this.account = account;
    this.requests = new IncidentRequests(account.directory());
  }

  Response list(Request call, Requester requester) {
    Page page = Page.of(call);
    Set<String> include = Set.copyOf(call.values("include[]"));
    return Response.ok(
        page.body(
            "incidents",
            IncidentQuery.run(account, call),
            incident -> IncidentJson.incident(incident, include)));
  }

  Response get(Request call, Requester requester) {
    String id = call.id();
    PagerDutyIncident incident = account.find(id).orElseThrow(PagerDutyException::notFound);
    return response(200, call, incident);
  }

  Response create(Request call, Requester requester) {
    PagerDutyUser by = requester.user();
    NewIncident wanted = requests.creation(RequestBody.object(call, "incident"));
    PagerDutyIncident incident = account.open(wanted, Agent.of(by));
    return response(201, call, incident);
  }

  Response update(Request call, Requester requester) {
    String id = call.id();
    PagerDutyUser by = requester.user();
    if (account.find(id).isEmpty()) {
      throw PagerDutyException.notFound();
    }
    IncidentChange wanted = requests.change(RequestBody.object(call, "incident"));
    PagerDutyIncident incident = account.change(id, wanted, Agent.of(by));
    return response(200, call, incident);
  }

  Response updateMany(Request call, Requester requester) {
    PagerDutyUser by = requester.user();
    List<AccountState.IncidentUpdate> updates = new ArrayList<>();
    for (JsonNode each : array(call, "incidents")) {
      updates.add(
          new AccountState.IncidentUpdate(RequestBody.required(each, "id"), requests.change(each)));
    }
    if (updates.size() > MOST_UPDATES) {
      throw new PagerDutyException(413, 2001, "Request Entity Too Large", List.of());
    }
    List<PagerDutyIncident> changed = account.changeAll(updates, Agent.of(by));
    Page all = new Page(0, Math.max(1, changed.size()), false);
    return Response.ok(
        all.body("incidents", changed, incident -> IncidentJson.incident(incident, Set.of())));
  }

  Response merge(Request call, Requester requester) {
    String id = call.id();
    PagerDutyUser by = requester.user();
    List<String> sources = new ArrayList<>();
    for (JsonNode each : array(call, "source_incidents")) {
      sources.add(RequestBody.id(each, "source_incidents", "incident"));
    }
    PagerDutyIncident target = account.merge(id, sources, Agent.of(by));
    return Response.ok(ReferenceJson.wrapped("incident", ReferenceJson.incident(target)));
  }

  private static Response response(int status, Request call, PagerDutyIncident incident) {
    Set<String> include = Set.copyOf(call.values("include[]"));
    return Response.json(
        status, ReferenceJson.wrapped("incident", IncidentJson.incident(incident, include)));
  }

  private static JsonNode array(Request call, String name) {
    JsonNode array = RequestBody.object(call, "").path(name);
    if (!array.isArray()) {
      throw PagerDutyException.invalid(name + " must be an array");
    }
    return array;
  }
}
