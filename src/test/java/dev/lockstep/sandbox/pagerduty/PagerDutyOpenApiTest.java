package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Exchange;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds what the simulator answers against the document that PagerDuty publishes of its API. */
class PagerDutyOpenApiTest {

  @Test
  void answersAsTheDocumentSays() {
    PagerDutyDocument document = PagerDutyDocument.load();
    List<Exchange> exchanges = new ArrayList<>();
    try (Hospital hospital = new Hospital()) {
      hospital.pagerDuty.onRequest(exchanges::add);
      callEverything(hospital);
    }

    assertThat(exchanges).hasSizeGreaterThan(25);
    List<String> broken = new ArrayList<>();
    for (Exchange exchange : exchanges) {
      String call = exchange.method() + " " + exchange.url() + ": ";
      if (exchange.status() < 400) {
        document.brokenByRequest(exchange).forEach(each -> broken.add(call + each));
      }
      document.brokenByResponse(exchange).forEach(each -> broken.add(call + each));
    }
    assertThat(broken).isEmpty();
  }

  private static void callEverything(Hospital hospital) {
    PagerDutyClient api = hospital.api();
    String id = hospital.open("Records are down");
    String incident = "/incidents/" + id;
    api.post(
        "/incidents",
        hospital.creation("With details", ",'body':{'type':'incident_body','details':'Why'}"));
    String other = hospital.open("Records are slow");
    PagerDutyIncident alerted = hospital.pagerDuty.alert("Health records", "Disk full");
    api.get("/incidents?statuses%5B%5D=triggered&limit=10&sort_by=created_at:asc&date_range=all");
    api.get("/incidents/" + alerted.id());
    hospital.pagerDuty.schedule("Network rotation", hospital.network, 1);
    api.get("/oncalls?earliest=true&include%5B%5D=users&limit=100&offset=0");
    api.get("/oncalls?escalation_policy_ids%5B%5D=" + hospital.network.id());
    api.put(incident, update("'status':'acknowledged','title':'Records: down'"));
    api.put(incident, update("'urgency':'low'"));
    api.put(
        incident,
        update(
            "'assignments':[{'assignee':{'id':'%s','type':'user_reference'}}]"
                .formatted(hospital.userId(Hospital.EVA))));
    api.put(
        incident,
        update(
            "'escalation_policy':{'id':'%s','type':'escalation_policy_reference'}"
                .formatted(hospital.network.id())));
    api.post(incident + "/notes", "{\"note\":{\"content\":\"n\"}}");
    api.get(incident + "/notes");
    api.post(incident + "/status_updates", "{\"message\":\"m\"}");
    api.put(
        incident + "/merge",
        PagerDutyClient.quoted("{'source_incidents':[{'id':'%s','type':'incident_reference'}]}")
            .formatted(other));
    api.get("/incidents/" + other);
    String merge =
        PagerDutyClient.quoted("{'source_incidents':[{'id':'%s','type':'incident_reference'}]}");
    // Refused: merged already, into a resolved one, and what does not exist.
    api.put(incident + "/merge", merge.formatted(other));
    api.put("/incidents/" + other + "/merge", merge.formatted(alerted.id()));
    api.put("/incidents/PNONE/merge", merge.formatted(alerted.id()));
    api.put(incident + "/merge", merge.formatted(alerted.id()));
    api.get(incident);
    api.put(incident, update("'status':'resolved','resolution':'Restarted'"));
    api.put(incident, update("'status':'triggered'"));
    api.put(
        "/incidents",
        PagerDutyClient.quoted(
            "{'incidents':[{'id':'%s','type':'incident_reference','status':'resolved'}]}"
                .formatted(id)));
    api.get(incident + "/log_entries?is_overview=false");
    api.get("/log_entries?since=2026-11-24T00:00:00Z&include%5B%5D=channels&limit=4");
    // Only now: the document knows no log entry for a changed priority.
    api.put(incident, update("'priority':'P1'"));
    api.put(
        incident,
        update(
            "'priority':{'id':'%s','type':'priority_reference'}"
                .formatted(hospital.priorityId("P2"))));
    api.get("/users?query=ana");
    api.get("/users/" + hospital.userId(Hospital.ANA));
    api.get("/services?query=health");
    api.get("/services/" + hospital.ehr.id());
    api.get("/escalation_policies");
    api.get("/escalation_policies/" + hospital.records.id());
    api.get("/priorities");
    api.get("/abilities");
    api.get("/webhook_subscriptions?limit=100");
    hospital.pagerDuty.webhooks().target(URI.create("http://127.0.0.1:9/webhooks/pagerduty"));
    String subscription =
        "/webhook_subscriptions/"
            + api.get("/webhook_subscriptions?limit=100")
                .json()
                .at("/webhook_subscriptions/0/id")
                .asText();
    api.post(subscription + "/enable", "");
    api.post(subscription + "/ping", "");
    api.post("/webhook_subscriptions/PNONE/ping", "");
    api.get("/incidents/PNONE");
    api.post("/incidents", hospital.creation("", ""));
    hospital.api().with("Authorization", "Token token=wrong").get("/incidents");
  }
}
