package dev.lockstep.sandbox.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.pagerduty.PagerDutyClient.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters, order and pages, by real HTTP. */
class ListingTest {

  private final Hospital hospital = new Hospital();
  private final PagerDutyClient api = hospital.api();

  @AfterEach
  void stop() {
    hospital.close();
  }

  @Test
  void listsNothingOlderThanAMonthUnlessAsked() {
    hospital.open("old");
    hospital.clock.advance(Duration.ofDays(40));
    hospital.open("new");

    assertThat(titles("")).containsExactly("new");
    assertThat(titles("?date_range=all")).containsExactly("old", "new");
    assertThat(titles("?since=2026-11-01T00:00:00Z&until=2026-12-01")).containsExactly("old");
    assertThat(titles("?since=2026-11-24T03:00:01Z")).containsExactly("new");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "since=2026-01-01T00:00:00Z&until=2026-11-24T00:00:00Z",
        "since=2026-11-20T00:00:00Z&until=2026-11-01T00:00:00Z",
        "since=yesterday",
        "since=2026-11-20T00:00:00+01:00",
        "date_range=some",
        "statuses[]=open",
        "urgencies[]=loud",
        "sort_by=title",
        "sort_by=created_at:up",
        "sort_by=created_at,urgency,incident_number",
        "include[]=everything",
        "limit=many",
        "limit=0",
        "offset=-1",
        "offset=9901&limit=100"
      })
  void refusesAQueryThatTheDocumentDoesNotAllow(String query) {
    assertThat(api.get("/incidents?" + query.replace("[]", "%5B%5D")).status()).isEqualTo(400);
  }

  @Test
  void filtersByStatusUrgencyServiceUserAndKey() {
    String one = hospital.open("one");
    String two = hospital.open("two");
    hospital.open("three");
    PagerDutyPerson ana = hospital.pagerDuty.as(Hospital.ANA);
    ana.acknowledge(one);
    ana.resolve(two);
    ana.setUrgency(one, Urgency.LOW);
    ana.createIncident("Wireless network", "four");

    assertThat(titles("?statuses[]=acknowledged&statuses[]=resolved"))
        .containsExactly("one", "two");
    assertThat(titles("?urgencies[]=low")).containsExactly("one");
    assertThat(titles("?service_ids[]=" + hospital.wifi.id())).containsExactly("four");
    assertThat(titles("?user_ids[]=" + hospital.userId(Hospital.EVA))).containsExactly("four");
    String key = hospital.pagerDuty.incident(one).incidentKey();
    assertThat(titles("?incident_key=" + key)).containsExactly("one");
    assertThat(titles("?incident_key=none")).isEmpty();
  }

  @Test
  void sortsAsAsked() {
    hospital.open("one");
    String two = hospital.open("two");
    hospital.open("three");
    hospital.pagerDuty.as(Hospital.ANA).setUrgency(two, Urgency.LOW);

    assertThat(titles("?sort_by=incident_number:desc")).containsExactly("three", "two", "one");
    assertThat(titles("?sort_by=urgency:desc,incident_number:desc"))
        .containsExactly("two", "three", "one");
  }

  @Test
  void givesEachIncidentOnceWhenPagedThrough() {
    for (int i = 0; i < 7; i++) {
      hospital.open("i" + i);
    }
    List<String> seen = new ArrayList<>();
    boolean more = true;
    while (more) {
      Reply page = api.get("/incidents?limit=3&offset=" + seen.size());
      page.json().path("incidents").forEach(each -> seen.add(each.path("title").asText()));
      more = page.json().path("more").asBoolean();
      assertThat(page.json().path("total").isNull()).isTrue();
    }

    assertThat(seen).containsExactly("i0", "i1", "i2", "i3", "i4", "i5", "i6");
    JsonNode all = api.get("/incidents?limit=500&total=true").json();
    assertThat(all.path("limit").asInt()).isEqualTo(100);
    assertThat(all.path("total").asInt()).isEqualTo(7);
  }

  @Test
  void findsUsersServicesPoliciesAndPriorities() {
    assertThat(api.get("/users?query=BEN@example").json().at("/users/0/email").asText())
        .isEqualTo(Hospital.BEN);
    assertThat(api.get("/users/" + hospital.userId(Hospital.ANA)).json().at("/user/name").asText())
        .isEqualTo("Ana Alvarez");
    assertThat(api.get("/services?query=health").json().path("services")).hasSize(1);
    assertThat(
            api.get("/services/" + hospital.ehr.id())
                .json()
                .at("/service/escalation_policy/id")
                .asText())
        .isEqualTo(hospital.records.id());
    assertThat(
            api.get("/escalation_policies?query=network")
                .json()
                .at("/escalation_policies/0/escalation_rules/0/targets/0/summary")
                .asText())
        .isEqualTo("Eva Engel");
    assertThat(api.get("/priorities").json().path("priorities"))
        .extracting(priority -> priority.path("name").asText())
        .containsExactly("P1", "P2", "P3", "P4", "P5");
    assertThat(api.get("/abilities").status()).isEqualTo(200);
  }

  private List<String> titles(String query) {
    Reply reply = api.get("/incidents" + query.replace("[]", "%5B%5D"));
    assertThat(reply.status()).describedAs("%s", reply.json()).isEqualTo(200);
    List<String> titles = new ArrayList<>();
    reply.json().path("incidents").forEach(each -> titles.add(each.path("title").asText()));
    return titles;
  }
}
