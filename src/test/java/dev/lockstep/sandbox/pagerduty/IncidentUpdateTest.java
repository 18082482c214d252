package dev.lockstep.sandbox.pagerduty;

import static dev.lockstep.sandbox.pagerduty.Hospital.update;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyClient.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@code PUT /incidents}, by real HTTP. */
class IncidentUpdateTest {

  private final Hospital hospital = new Hospital();
  private final PagerDutyClient api = hospital.api();

  @AfterEach
  void stop() {
    hospital.close();
  }

  @Test
  void acknowledgingIsKeptUntilItIsResolved() {
    String id = hospital.open("x");
    hospital.clock.advance(Duration.ofSeconds(5));

    JsonNode acknowledged = put(id, "'status':'acknowledged'");
    assertThat(acknowledged.at("/acknowledgements/0/acknowledger/summary").asText())
        .isEqualTo("Lockstep");
    assertThat(acknowledged.path("last_status_change_at").asText())
        .isEqualTo("2026-11-24T03:00:05Z");
    assertThat(put(id, "'status':'acknowledged'").path("acknowledgements")).hasSize(1);
    hospital.pagerDuty.as(Hospital.EVA).acknowledge(id);
    assertThat(hospital.pagerDuty.incident(id).acknowledgements()).hasSize(2);

    JsonNode resolved = put(id, "'status':'resolved','resolution':'Restarted'");
    assertThat(resolved.path("acknowledgements")).isEmpty();
    assertThat(resolved.path("assignments")).isEmpty();
    assertThat(resolved.path("resolved_at").asText()).isEqualTo("2026-11-24T03:00:05Z");
    assertThat(hospital.pagerDuty.incident(id).resolution()).isEqualTo("Restarted");
  }

  @Test
  void refusesToResolveTwiceOrToAssignWhatIsResolved() {
    String id = hospital.open("x");
    put(id, "'status':'resolved'");

    for (String fields :
        List.of(
            "'status':'resolved'",
            "'assignments':[" + assignment(Hospital.BEN) + "]",
            "'escalation_policy':"
                + reference(hospital.network.id(), "escalation_policy_reference"))) {
      Reply reply = api.put("/incidents/" + id, update(fields));
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error().path("code").asInt()).isEqualTo(1001);
    }
  }

  @Test
  void reopensToTheEscalationPolicyOrToWhomTheCallNames() {
    String id = hospital.open("x");
    put(id, "'assignments':[" + assignment(Hospital.EVA) + "]");
    put(id, "'status':'resolved'");

    JsonNode reopened = put(id, "'status':'triggered'");
    assertThat(reopened.path("status").asText()).isEqualTo("triggered");
    assertThat(reopened.path("resolved_at").isNull()).isTrue();
    assertThat(reopened.at("/assignments/0/assignee/summary").asText()).isEqualTo("Ana Alvarez");

    put(id, "'status':'resolved'");
    JsonNode named =
        put(id, "'status':'triggered','assignments':[" + assignment(Hospital.BEN) + "]");
    assertThat(named.at("/assignments/0/assignee/summary").asText()).isEqualTo("Ben Brandt");

    put(id, "'status':'resolved'");
    JsonNode own = put(id, "'status':'acknowledged'");
    assertThat(own.at("/assignments/0/assignee/summary").asText()).isEqualTo("Lockstep");
    assertThat(own.path("status").asText()).isEqualTo("acknowledged");
  }

  @Test
  void ignoresAResolutionUnlessItResolves() {
    String id = hospital.open("x");

    put(id, "'title':'y','resolution':'Restarted'");

    assertThat(hospital.pagerDuty.incident(id).resolution()).isNull();
  }

  @Test
  void anotherEscalationPolicyAssignsWhoIsOnCallThere() {
    String id = hospital.open("x");

    JsonNode delegated =
        put(
            id,
            "'escalation_policy':"
                + reference(hospital.network.id(), "escalation_policy_reference"));

    assertThat(delegated.at("/escalation_policy/summary").asText()).isEqualTo("Network on call");
    assertThat(delegated.at("/assignments/0/assignee/summary").asText()).isEqualTo("Eva Engel");
  }

  @Test
  void givingItToOthersTakesTheAcknowledgementAwayUnlessTheCallSaysOtherwise() {
    String id = hospital.open("x");
    put(id, "'status':'acknowledged'");

    assertThat(put(id, "'assignments':[" + assignment(Hospital.EVA) + "]").path("status").asText())
        .isEqualTo("triggered");
    JsonNode both =
        put(id, "'status':'acknowledged','assignments':[" + assignment(Hospital.BEN) + "]");
    assertThat(both.path("status").asText()).isEqualTo("acknowledged");
    // The same people again is no reassignment.
    assertThat(put(id, "'assignments':[" + assignment(Hospital.BEN) + "]").path("status").asText())
        .isEqualTo("acknowledged");
  }

  @Test
  void escalatesToLevelsThatExistUnlessItsUrgencyIsLow() {
    String id = hospital.open("x");

    assertThat(put(id, "'escalation_level':2").at("/assignments/0/assignee/summary").asText())
        .isEqualTo("Ben Brandt");
    assertThat(
            api.put("/incidents/" + id, update("'escalation_level':3"))
                .error()
                .path("code")
                .asInt())
        .isEqualTo(1006);
    put(id, "'urgency':'low'");
    assertThat(api.put("/incidents/" + id, update("'escalation_level':1")).status()).isEqualTo(400);
  }

  @Test
  void changesFieldsByReferenceAndPriorityByNameToo() {
    String id = hospital.open("x");
    hospital.clock.advance(Duration.ofSeconds(90));

    JsonNode changed =
        put(
            id,
            "'title':'y','urgency':'low','priority':'P1','service':"
                + reference(hospital.wifi.id(), "service_reference"));

    assertThat(changed.path("title").asText()).isEqualTo("y");
    assertThat(changed.at("/priority/name").asText()).isEqualTo("P1");
    assertThat(changed.at("/service/id").asText()).isEqualTo(hospital.wifi.id());
    assertThat(changed.at("/escalation_policy/id").asText()).isEqualTo(hospital.records.id());
    assertThat(changed.path("updated_at").asText()).isEqualTo("2026-11-24T03:01:30Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'status':'open'                    | Status must be a list of triggered, acknowledged, or resolved.
          'urgency':'medium'                 | Urgency must be high or low.
          'title':''                         | Title cannot be empty.
          'title':null                       | title must be a string
          'priority':null                    | priority must be a reference
          'priority':'P77'                   | Invalid Priority
          'assignments':[]                   | Assignments cannot be empty.
          'assignments':[{'assignee':{}}]    | assignee must have the type user_reference
          'escalation_level':'two'           | escalation_level must be a number
          """)
  void refusesAnUpdateThatTheDocumentDoesNotAllow(String fields, String why) {
    String id = hospital.open("x");
    PagerDutyIncident before = hospital.pagerDuty.incident(id);

    Reply reply = api.put("/incidents/" + id, update(fields));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error().at("/errors/0").asText()).isEqualTo(why);
    assertThat(hospital.pagerDuty.incident(id)).isEqualTo(before);
  }

  @Test
  void updatesManyOrNone() {
    String first = hospital.open("1");
    String second = hospital.open("2");
    String body =
        "{'incidents':[{'id':'%s','type':'incident_reference','status':'resolved'},{'id':'%s','type':'incident_reference','status':'%s'}]}";

    assertThat(
            api.put("/incidents", PagerDutyClient.quoted(body.formatted(first, second, "odd")))
                .status())
        .isEqualTo(400);
    assertThat(hospital.pagerDuty.incident(first).isOpen()).isTrue();
    Reply reply =
        api.put(
            "/incidents", PagerDutyClient.quoted(body.formatted(first, second, "acknowledged")));
    assertThat(reply.json().path("incidents"))
        .extracting(incident -> incident.path("status").asText())
        .containsExactly("resolved", "acknowledged");
  }

  private JsonNode put(String id, String fields) {
    Reply reply = api.put("/incidents/" + id, update(fields));
    assertThat(reply.status()).describedAs("%s", reply.json()).isEqualTo(200);
    return reply.json().path("incident");
  }

  private String assignment(String email) {
    return "{'assignee':" + reference(hospital.userId(email), "user_reference") + "}";
  }

  private static String reference(String id, String type) {
    return "{'id':'%s','type':'%s'}".formatted(id, type);
  }
}
