package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyClient.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@code /incidents}, by real HTTP. */
class IncidentApiTest {

  private final Hospital hospital = new Hospital();
  private final PagerDutyClient api = hospital.api();

  @AfterEach
  void stop() {
    hospital.close();
  }

  @Test
  void createsAnIncidentWithWhoeverTheServicesPolicyNames() {
    Reply reply =
        api.post(
            "/incidents",
            hospital.creation(
                "Records are down",
                ",'urgency':'low','incident_key':'servicenow/incident/abc','priority':{'id':'%s','type':'priority_reference'},'body':{'type':'incident_body','details':'No chart opens'}"
                    .formatted(hospital.priorityId("P2"))));

    assertThat(reply.status()).isEqualTo(201);
    JsonNode incident = reply.json().path("incident");
    assertThat(incident.path("id").asText()).matches("Q[0-9A-Z]{13}");
    assertThat(incident.path("incident_number").asInt()).isEqualTo(1);
    assertThat(incident.path("summary").asText()).isEqualTo("[#1] Records are down");
    assertThat(incident.path("status").asText()).isEqualTo("triggered");
    assertThat(incident.path("urgency").asText()).isEqualTo("low");
    assertThat(incident.path("incident_key").asText()).isEqualTo("servicenow/incident/abc");
    assertThat(incident.at("/priority/summary").asText()).isEqualTo("P2");
    assertThat(incident.at("/service/summary").asText()).isEqualTo("Health records");
    assertThat(incident.at("/service/type").asText()).isEqualTo("service_reference");
    assertThat(incident.at("/assignments/0/assignee/summary").asText()).isEqualTo("Ana Alvarez");
    assertThat(incident.at("/created_at").asText()).isEqualTo("2026-11-24T03:00:00Z");
    assertThat(incident.path("resolved_at").isNull()).isTrue();
    assertThat(incident.has("body")).isFalse();
    Reply withBody = api.get("/incidents/1?include%5B%5D=body");
    assertThat(withBody.json().at("/incident/body/details").asText()).isEqualTo("No chart opens");
  }

  @Test
  void acknowledgesAtOnceWhatAUserCreatesForThemselves() {
    Reply reply =
        api.post(
            "/incidents",
            hospital.creation("Mine", ",'assignments':[" + assignment(Hospital.BOT) + "]"));

    assertThat(reply.json().at("/incident/status").asText()).isEqualTo("acknowledged");
    assertThat(reply.json().at("/incident/assigned_via").asText()).isEqualTo("direct_assignment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'incident':{'type':'incident','service':{'id':'SERVICE','type':'service_reference'}}}                               | 2001 | Title cannot be empty.
          {'incident':{'type':'incident','title':' ','service':{'id':'SERVICE','type':'service_reference'}}}                   | 2001 | Title cannot be empty.
          {'incident':{'type':'incident','title':'x'}}                                                                         | 2001 | Service cannot be empty.
          {'incident':{'type':'incident','title':'x','service':{'id':'PNOBODY','type':'service_reference'}}}                   | 2001 | Service Not Found
          {'incident':{'type':'incident','title':'x','service':{'id':'SERVICE'}}}                                              | 2001 | service must have the type service_reference
          {'incident':{'title':'x','service':{'id':'SERVICE','type':'service_reference'}}}                                     | 2001 | type must be incident
          {'incident':{'type':'incident','title':'x','service':{'id':'SERVICE','type':'service_reference'},'urgency':'loud'}}  | 2001 | Urgency must be high or low.
          {'incident':{'type':'incident','title':'x','service':{'id':'SERVICE','type':'service_reference'},'priority':{'id':'P9','type':'priority_reference'}}} | 1020 | Invalid Priority
          {'incident':{'type':'incident','title':'x','service':{'id':'SERVICE','type':'service_reference'},'assignments':[{'assignee':{'id':'P9','type':'user_reference'}}]}} | 1007 | Assigned To User Not Found
          {'incident':{'type':'incident','title':'x','service':{'id':'SERVICE','type':'service_reference'},'body':{'type':'incident_body','details':{'a':1}}}} | 2001 | details must be a string
          {'incident'                                                                                                          | 2001 | The body is not valid JSON
          """)
  void refusesACreationThatTheDocumentDoesNotAllow(String body, int code, String why) {
    Reply reply =
        api.post("/incidents", PagerDutyClient.quoted(body).replace("SERVICE", hospital.ehr.id()));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().path("code").asInt()).isEqualTo(code);
    assertThat(reply.error().at("/errors/0").asText()).isEqualTo(why);
    assertThat(hospital.pagerDuty.incidents()).isEmpty();
  }

  @Test
  void refusesAnOverlongTitle() {
    assertThat(api.post("/incidents", hospital.creation("x".repeat(1024), "")).status())
        .isEqualTo(201);
    assertThat(api.post("/incidents", hospital.creation("x".repeat(1025), "")).status())
        .isEqualTo(400);
  }

  @Test
  void refusesAssignmentsTogetherWithAnEscalationPolicy() {
    String both =
        "'assignments':[%s],'escalation_policy':%s"
            .formatted(
                assignment(Hospital.BEN),
                reference(hospital.network.id(), "escalation_policy_reference"));

    assertThat(api.post("/incidents", hospital.creation("x", "," + both)).status()).isEqualTo(400);
    assertThat(api.put("/incidents/" + hospital.open("y"), update(both)).status()).isEqualTo(400);
  }

  @Test
  void refusesTheKeyOfAnOpenIncidentOnTheSameServiceOnly() {
    String keyed = hospital.creation("First", ",'incident_key':'k1'");
    String id = api.post("/incidents", keyed).json().at("/incident/id").asText();

    Reply second = api.post("/incidents", keyed);
    assertThat(second.status()).isEqualTo(400);
    assertThat(second.error())
        .isEqualTo(
            PagerDutyClient.json(
                "{'message':'Arguments Caused Error','code':2002,'errors':['Open incident with"
                    + " matching dedup key already exists on this service']}"));
    assertThat(
            api.post("/incidents", keyed.replace(hospital.ehr.id(), hospital.wifi.id())).status())
        .isEqualTo(201);

    api.put("/incidents/" + id, update("'status':'resolved'"));
    assertThat(api.post("/incidents", keyed).status()).isEqualTo(201);
  }

  @Test
  void needsAFromHeaderWithAKnownUserForEveryWrite() {
    String id = hospital.open("x");
    for (List<String> write :
        List.of(
            List.of("POST", "/incidents", hospital.creation("y", "")),
            List.of("PUT", "/incidents/" + id, update("'status':'resolved'")),
            List.of("PUT", "/incidents", "{\"incidents\":[]}"),
            List.of("PUT", "/incidents/" + id + "/merge", "{\"source_incidents\":[]}"),
            List.of("POST", "/incidents/" + id + "/notes", "{\"note\":{\"content\":\"n\"}}"),
            List.of("POST", "/incidents/" + id + "/status_updates", "{\"message\":\"m\"}"))) {
      Reply missing = hospital.api().without("From").call(write.get(0), write.get(1), write.get(2));
      assertThat(missing.status()).isEqualTo(400);
      assertThat(missing.error().path("message").asText()).contains("\"From\" header");
      Reply unknown =
          hospital
              .api()
              .with("From", "nobody@example.com")
              .call(write.get(0), write.get(1), write.get(2));
      assertThat(unknown.status()).isEqualTo(400);
      assertThat(unknown.error().path("code").asInt()).isEqualTo(1008);
    }
    assertThat(hospital.pagerDuty.incident(id).isOpen()).isTrue();
  }

  @Test
  void needsTheToken() {
    Reply reply = hospital.api().with("Authorization", "Token token=wrong").get("/incidents");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.error().path("code").asInt()).isEqualTo(2006);
    assertThat(hospital.api().with("Authorization", "Bearer sandbox-token").get("/users").status())
        .isEqualTo(401);
  }

  @Test
  void needsTheContentTypeOfJson() {
    Reply reply =
        hospital
            .api()
            .with("Content-Type", "text/plain")
            .post("/incidents", hospital.creation("x", ""));

    assertThat(reply.status()).isEqualTo(400);
  }

  @Test
  void answers404ForWhatDoesNotExist() {
    for (String path : List.of("/incidents/PNONE", "/users/PNONE", "/services/PNONE", "/nothing")) {
      Reply reply = api.get(path);
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.error())
          .isEqualTo(PagerDutyClient.json("{'message':'Not Found','code':2100}"));
    }
    assertThat(api.put("/incidents/PNONE", update("'status':'resolved'")).status()).isEqualTo(404);
  }

  @Test
  void mergesAlertsIntoTheTargetAndResolvesTheSources() {
    PagerDutyIncident target = hospital.pagerDuty.alert("Health records", "Disk full", "a1");
    PagerDutyIncident source = hospital.pagerDuty.alert("Health records", "Queue full", "a2");
    String body =
        PagerDutyClient.quoted("{'source_incidents':[{'id':'%s','type':'incident_reference'}]}")
            .formatted(source.id());

    Reply reply = api.put("/incidents/" + target.id() + "/merge", body);

    assertThat(reply.json().at("/incident/type").asText()).isEqualTo("incident_reference");
    JsonNode merged = api.get("/incidents/" + source.id()).json().path("incident");
    assertThat(merged.path("status").asText()).isEqualTo("resolved");
    assertThat(merged.at("/resolve_reason/incident/id").asText()).isEqualTo(target.id());
    assertThat(api.get("/incidents/" + target.id()).json().at("/incident/alert_counts/all").asInt())
        .isEqualTo(2);
    assertThat(api.put("/incidents/" + target.id() + "/merge", body).error().path("code").asInt())
        .isEqualTo(1019);
    assertThat(api.put("/incidents/" + source.id(), update("'status':'triggered'")).status())
        .isEqualTo(400);
  }

  @Test
  void anAlertOpensOneIncidentUntilItIsOver() {
    PagerDutyIncident first = hospital.pagerDuty.alert("Health records", "Disk full", "disk");
    assertThat(hospital.pagerDuty.alert("Health records", "Disk fuller", "disk").id())
        .isEqualTo(first.id());
    assertThat(api.get("/incidents?incident_key=disk").json().at("/incidents/0/id").asText())
        .isEqualTo(first.id());
    assertThat(api.get("/incidents/" + first.id()).json().at("/incident/incident_key").isNull())
        .isTrue();

    hospital.pagerDuty.closeAlert("Health records", "disk");

    assertThat(hospital.pagerDuty.incident(first.id()).isOpen()).isFalse();
    assertThat(hospital.pagerDuty.alert("Health records", "Disk full", "disk").id())
        .isNotEqualTo(first.id());
  }

  private String assignment(String email) {
    return "{'assignee':" + reference(hospital.userId(email), "user_reference") + "}";
  }

  private static String reference(String id, String type) {
    return "{'id':'%s','type':'%s'}".formatted(id, type);
  }
}
