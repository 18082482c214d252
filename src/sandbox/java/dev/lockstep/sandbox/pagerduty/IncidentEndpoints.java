package dev.lockstep.sandbox.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
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

  Answer list(HttpCall call, String noId) {
    Page page = Page.of(call);
    Set<String> include = call.include();
    return Answer.ok(
        page.body(
            "incidents",
            IncidentQuery.run(account, call),
            incident -> IncidentJson.incident(incident, include)));
  }

  Answer get(HttpCall call, String id) {
    PagerDutyIncident incident = account.find(id).orElseThrow(PagerDutyException::notFound);
    return Answer.ok(Answer.wrapped("incident", IncidentJson.incident(incident, call.include())));
  }

  Answer create(HttpCall call, String noId) {
    PagerDutyUser by = Requester.of(call, account.directory());
    NewIncident wanted = requests.creation(RequestBody.object(call, "incident"));
    PagerDutyIncident incident = account.open(wanted, Agent.of(by));
    return Answer.created(
        Answer.wrapped("incident", IncidentJson.incident(incident, call.include())));
  }

  Answer update(HttpCall call, String id) {
    PagerDutyUser by = Requester.of(call, account.directory());
    if (account.find(id).isEmpty()) {
      throw PagerDutyException.notFound();
    }
    IncidentChange wanted = requests.change(RequestBody.object(call, "incident"));
    PagerDutyIncident incident = account.change(id, wanted, Agent.of(by));
    return Answer.ok(Answer.wrapped("incident", IncidentJson.incident(incident, call.include())));
  }

  Answer updateMany(HttpCall call, String noId) {
    PagerDutyUser by = Requester.of(call, account.directory());
    List<AccountState.Wish> wishes = new ArrayList<>();
    for (JsonNode each : array(call, "incidents")) {
      wishes.add(new AccountState.Wish(RequestBody.required(each, "id"), requests.change(each)));
    }
    if (wishes.size() > MOST_UPDATES) {
      throw new PagerDutyException(413, 2001, "Request Entity Too Large", List.of());
    }
    List<PagerDutyIncident> changed = account.changeAll(wishes, Agent.of(by));
    Page all = new Page(0, Math.max(1, changed.size()), false);
    return Answer.ok(
        all.body("incidents", changed, incident -> IncidentJson.incident(incident, Set.of())));
  }

  Answer merge(HttpCall call, String id) {
    PagerDutyUser by = Requester.of(call, account.directory());
    List<String> sources = new ArrayList<>();
    for (JsonNode each : array(call, "source_incidents")) {
      sources.add(RequestBody.id(each, "source_incidents", "incident"));
    }
    PagerDutyIncident target = account.merge(id, sources, Agent.of(by));
    return Answer.ok(Answer.wrapped("incident", ReferenceJson.incident(target)));
  }

  private static JsonNode array(HttpCall call, String name) {
    JsonNode array = RequestBody.object(call, "").path(name);
    if (!array.isArray()) {
      throw PagerDutyException.invalid(name + " must be an array");
    }
    return array;
  }
}
