package dev.lockstep.mapping;

import static dev.lockstep.record.Side.LEFT;
import static dev.lockstep.record.Side.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.record.Visibility;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileMappingTest {
  private static final Mapping.Origin JUST_OPENED = new Mapping.Origin(Map.of(), false);

  private static final String TICKET =
      """
      {"sys_id":"s1","short_description":"Records down","description":"","state":"3",
       "hold_reason":"4","impact":"1","urgency":"2","cmdb_ci":"c1","cmdb_ci.name":"Patient Records",
       "assignment_group":"","assignment_group.name":"","assigned_to":"u1",
       "assigned_to.email":"ada@example.com","close_code":"","close_notes":""}
      """;
  private static final String PAGE =
      """
      {"id":"P1","title":"Records down","status":"triggered","urgency":"high",
       "priority":{"id":"PR1","summary":"P1"},"service":{"id":"PS1","summary":"Patient Records"},
       "escalation_policy":{"id":"PE1","summary":"Default"},
       "assignments":[{"at":"2026-11-24T03:00:00Z","assignee":{"id":"PU1","summary":"Ada"}},
                      {"assignee":{"id":"PU2","summary":"Bob"}}]}
      """;

  private final Mapping mapping = Shipped.incident();
  private final SampleReferences references =
      new SampleReferences()
          .with("servicenow", "user", "u1", "ada@example.com")
          .with("servicenow", "cmdb-ci", "c1", "Patient Records")
          .with("servicenow", "group", "g1", "Service Desk")
          .with("pagerduty", "user", "PU1", "ada@example.com")
          .with("pagerduty", "priority", "PR1", "P1")
          .with("pagerduty", "priority", "PR2", "P2")
          .with("pagerduty", "service", "PS0", "Default Service")
          .with("pagerduty", "service", "PS1", "Patient Records")
          .with("pagerduty", "escalation-policy", "PE1", "Default");

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void readsAFlatRecordWithDottedKeys() {
    assertThat(mapping.read(LEFT, json(TICKET), references))
        .containsEntry("title", "Records down")
        .containsEntry("description", "")
        .containsEntry("status", "3")
        .containsEntry("hold-reason", "4")
        .containsEntry("priority", "1/2")
        .containsEntry("service", "Patient Records")
        .containsEntry("group", "")
        .containsEntry("assignee", "ada@example.com")
        .containsEntry("close-code", "");
  }

  @Test
  void readsANestedRecordAndTheFirstOfSeveralAssignees() {
    assertThat(mapping.read(RIGHT, json(PAGE), references))
        .containsEntry("status", "triggered")
        .containsEntry("priority", "P1")
        .containsEntry("service", "Patient Records")
        .containsEntry("group", "Default")
        .containsEntry("assignee", "ada@example.com");
  }

  @Test
  void keepsAbsentApartFromEmpty() {
    Map<String, String> values =
        mapping.read(
            RIGHT,
            json("{\"title\":null,\"priority\":null,\"urgency\":\"low\",\"assignments\":[]}"),
            references);

    assertThat(values)
        .containsEntry("title", "")
        .containsEntry("assignee", "")
        .containsEntry("priority", "low")
        .doesNotContainKeys("status", "service", "group", "description", "hold-reason");
    assertThat(mapping.read(RIGHT, json("{\"urgency\":\"low\"}"), references)).isEmpty();
    assertThat(mapping.read(LEFT, json("{\"impact\":\"1\"}"), references)).isEmpty();
  }

  @Test
  void readsBothImpactAndUrgencyEmptyAsNoPriority() {
    assertThat(mapping.read(LEFT, json("{\"impact\":\"\",\"urgency\":\"\"}"), references))
        .containsEntry("priority", "");
  }

  @Test
  void doesNotTakeAUserWithoutAnAddressForNobody() {
    JsonNode unknown = json("{\"assigned_to\":\"u9\",\"assigned_to.email\":\"\"}");

    assertThat(mapping.read(LEFT, unknown, references)).containsEntry("assignee", "id:u9");
  }

  @Test
  void writesImpactAndUrgencyForAPriority() {
    Mapping.Write write = mapping.write(LEFT, Map.of("priority", "1/2", "status", "2"), references);

    assertThat(write.body())
        .isEqualTo(json("{\"state\":\"2\",\"impact\":\"1\",\"urgency\":\"2\"}"));
    assertThat(write.gaps()).isEmpty();
  }

  @Test
  void writesReferencesInTheFormOfTheirSystemAndUrgencyAlongWithPriority() {
    Map<String, String> values =
        Map.of("priority", "P2", "assignee", "ada@example.com", "title", "Down");

    assertThat(mapping.write(RIGHT, values, references).body())
        .isEqualTo(
            json(
                """
                {"title":"Down","priority":{"id":"PR2","type":"priority_reference"},"urgency":"high",
                 "assignments":[{"assignee":{"id":"PU1","type":"user_reference"}}]}
                """));
  }

  @Test
  void nobodyIsAnObjectWhereAFieldIsNeverEmpty() {
    references.nobody("servicenow", "user", "u0").nobody("pagerduty", "user", "PU0");

    assertThat(
            mapping.read(
                LEFT, json("{\"assigned_to\":\"u0\",\"assigned_to.email\":\"n@x\"}"), references))
        .containsEntry("assignee", "");
    assertThat(
            mapping.read(
                RIGHT, json("{\"assignments\":[{\"assignee\":{\"id\":\"PU0\"}}]}"), references))
        .containsEntry("assignee", "");
    assertThat(mapping.write(LEFT, Map.of("assignee", ""), references).body())
        .isEqualTo(json("{\"assigned_to\":\"u0\"}"));
  }

  @Test
  void clearsAReferenceAndAList() {
    assertThat(mapping.write(LEFT, Map.of("assignee", ""), references).body())
        .isEqualTo(json("{\"assigned_to\":\"\"}"));
    assertThat(mapping.write(RIGHT, Map.of("assignee", ""), references).body())
        .isEqualTo(json("{\"assignments\":[]}"));
  }

  @Test
  void writesTheRestWhenAUserIsUnknown() {
    Map<String, String> values = Map.of("assignee", "eve@example.com", "status", "acknowledged");

    Mapping.Write write = mapping.write(RIGHT, values, references);

    assertThat(write.body()).isEqualTo(json("{\"status\":\"acknowledged\"}"));
    assertThat(write.gaps())
        .containsExactly(Map.entry("assignee", "pagerduty has no user 'eve@example.com'"));
  }

  @Test
  void createsWithTheDefaultServiceWhenItsOwnIsUnknownAndTellsTheGap() {
    Map<String, String> values =
        Map.of("title", "Down", "service", "Billing", "description", "Nobody can pay.");

    Mapping.Write write = mapping.create(RIGHT, values, JUST_OPENED, references);

    assertThat(write.body())
        .isEqualTo(
            json(
                """
                {"title":"Down","service":{"id":"PS0","type":"service_reference"},
                 "body":{"type":"incident_body","details":"Nobody can pay."}}
                """));
    assertThat(write.gaps())
        .containsExactly(Map.entry("service", "pagerduty has no service 'Billing'"));
    assertThat(mapping.write(RIGHT, values, references).body().has("service")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"body\":{\"details\":\"Down\"}} | Down",
        "{\"body\":{\"details\":{\"queue\":\"payments\"}}} | .*queue.*payments.*",
        "{\"body\":{\"details\":[{\"n\":48210}]}} | .*n.*48210.*",
        "{\"body\":{\"details\":48210}} | 48210",
        "{\"body\":{\"details\":true}} | true",
        "{\"body\":{\"details\":{}}} | ''",
        "{\"body\":{\"details\":null}} | ''",
        "{\"body\":null} | ''",
      })
  void readsADescriptionOfAnyForm(String record, String description) {
    assertThat(mapping.read(RIGHT, json(record), references).get("description"))
        .matches("(?s)" + description);
  }

  @Test
  void aRefusedLookUpLeavesOneFieldOutAndNamesItsCause() {
    References refusing =
        new SampleReferences()
            .with("pagerduty", "service", "PS0", "Default Service")
            .refusing("pagerduty", "service", "Billing")
            .refusing("pagerduty", "escalation-policy", "Facilities");

    Mapping.Write write =
        mapping.create(
            RIGHT,
            Map.of("title", "Down", "service", "Billing", "group", "Facilities"),
            JUST_OPENED,
            refusing);

    assertThat(write.body())
        .isEqualTo(
            json(
                """
                {"title":"Down","service":{"id":"PS0","type":"service_reference"}}\
                """));
    assertThat(write.gaps().get("group"))
        .isEqualTo(
            "escalation-policy 'Facilities' cannot be looked up: 403 for find-escalation-policy."
                + " Needs a permission.");
    assertThat(write.gaps()).containsOnlyKeys("service", "group");
  }

  @Test
  void aReferenceWhoseLookUpIsRefusedIsReadAndToldApartFromAnUnknownOne() {
    References refusing = new SampleReferences().refusing("pagerduty", "user", "PBEN");
    Map<String, String> values =
        mapping.read(
            RIGHT,
            json("{\"title\":\"Down\",\"assignments\":[{\"assignee\":{\"id\":\"PBEN\"}}]}"),
            refusing);
    assertThat(values).containsEntry("title", "Down").containsKey("assignee");
    FieldMapping assignee =
        mapping.fields().stream()
            .filter(field -> field.name().equals("assignee"))
            .findFirst()
            .orElseThrow();
    assertThat(assignee.translate(RIGHT, values.get("assignee"), null))
        .isInstanceOfSatisfying(
            FieldMapping.Translation.Unmapped.class,
            gap -> assertThat(gap.reason()).contains("fetch-user of PBEN", "rejected"));
    assertThat(mapping.write(RIGHT, Map.of("assignee", values.get("assignee")), refusing).body())
        .isEqualTo(mapping.write(RIGHT, Map.of("assignee", "id:PBEN"), refusing).body());
  }

  @Test
  void createsWithATitleEvenIfThereIsNone() {
    assertThat(
            mapping.create(RIGHT, Map.of(), JUST_OPENED, references).body().path("title").asText())
        .isEqualTo("(no title)");
  }

  @Test
  void tellsWhichPlacesItReads() {
    assertThat(mapping.paths(LEFT, references))
        .contains(
            "short_description",
            "state",
            "impact",
            "urgency",
            "cmdb_ci",
            "cmdb_ci.name",
            "assigned_to.email");
    assertThat(mapping.paths(RIGHT, references))
        .contains("priority.summary", "urgency", "assignments[0].assignee.id", "body.details");
  }

  @Test
  void startsWithUrgentOpenRecordsOnly() {
    assertThat(mapping.startsSync(LEFT, Map.of("status", "1", "priority", "2/1"))).isTrue();
    assertThat(mapping.startsSync(LEFT, Map.of("status", "1", "priority", "2/2"))).isFalse();
    assertThat(mapping.startsSync(LEFT, Map.of("status", "7", "priority", "1/1"))).isFalse();
    assertThat(mapping.startsSync(LEFT, Map.of("priority", "1/1"))).isFalse();
    assertThat(mapping.startsSync(RIGHT, Map.of("status", "triggered", "priority", "high")))
        .isTrue();
    assertThat(mapping.startsSync(RIGHT, Map.of("status", "triggered", "priority", "P4")))
        .isFalse();
  }

  @Test
  void saysWhyItCannotBeSaidWhetherARecordIsInScope() {
    assertThat(mapping.undecided(RIGHT, Map.of("status", "triggered", "priority", "SEV-1")))
        .isEqualTo(Map.of("priority", "SEV-1"));
    assertThat(mapping.undecided(RIGHT, Map.of("status", "resolved", "priority", "SEV-1")))
        .isEmpty();
    assertThat(mapping.undecided(RIGHT, Map.of("status", "triggered", "priority", "P4"))).isEmpty();
    assertThat(mapping.undecided(RIGHT, Map.of("status", "triggered", "priority", "P1"))).isEmpty();
    assertThat(mapping.undecided(LEFT, Map.of("status", "9", "priority", "1/1")))
        .containsOnlyKeys("status");
    assertThat(mapping.undecided(LEFT, Map.of("status", "1", "priority", "1/9")))
        .isEqualTo(Map.of("priority", "1/9"));
    assertThat(mapping.undecided(LEFT, Map.of("status", "1")))
        .containsOnlyKeys("priority")
        .containsEntry("priority", null);
    assertThat(mapping.undecided(LEFT, Map.of("priority", "1/9")))
        .containsOnlyKeys("status", "priority");
  }

  @Test
  void agreesOnRecordsThatSayTheSameInTheirOwnWords() {
    Map<String, String> left = mapping.read(LEFT, json(TICKET), references);
    Map<String, String> right = mapping.read(RIGHT, json(PAGE), references);

    assertThat(mapping.disagreements(left, right))
        .containsOnlyKeys("status", "priority")
        .containsEntry("status", "servicenow has '3', pagerduty has 'triggered'");
    assertThat(mapping.disagreements(left, Map.of("status", "acknowledged"))).isEmpty();
    assertThat(mapping.disagreements(Map.of(), right)).isEmpty();
  }

  @Test
  void leavesTheAssigneeForTheNextCallWhenTheGroupChangesToo() {
    Map<String, String> values =
        Map.of("group", "Default", "assignee", "ada@example.com", "title", "Down");

    assertThat(mapping.writableFields(RIGHT, Map.of("status", "triggered"), values))
        .containsOnlyKeys("group", "title");
    assertThat(mapping.write(RIGHT, values, references).body().has("assignments")).isFalse();
    assertThat(mapping.write(RIGHT, values, references).gaps()).containsOnlyKeys("assignee");
    assertThat(mapping.writableFields(LEFT, Map.of(), values)).isEqualTo(values);
  }

  @Test
  void reopensAnIncidentForItsPolicyBeforeItIsAcknowledged() {
    Map<String, String> wanted = Map.of("status", "acknowledged", "group", "Default");

    assertThat(mapping.writableFields(RIGHT, Map.of("status", "resolved"), wanted))
        .isEqualTo(Map.of("status", "triggered", "group", "Default"));
    assertThat(mapping.writableFields(RIGHT, Map.of("status", "triggered"), wanted))
        .isEqualTo(wanted);
  }

  @Test
  void reassignsOpenIncidentsOnly() {
    Map<String, String> assignee = Map.of("assignee", "ada@example.com");
    Map<String, String> reopened = Map.of("assignee", "ada@example.com", "status", "triggered");
    Map<String, String> resolving = Map.of("group", "Default", "status", "resolved");

    assertThat(mapping.writableFields(RIGHT, Map.of("status", "resolved"), assignee)).isEmpty();
    assertThat(mapping.writableFields(RIGHT, Map.of("status", "resolved"), reopened))
        .isEqualTo(reopened);
    assertThat(mapping.writableFields(RIGHT, Map.of("status", "triggered"), resolving))
        .containsOnlyKeys("status");
  }

  @Test
  void doesNotHoldAgainstAResolvedIncidentWhatItNoLongerTakes() {
    assertThat(
            mapping.disagreements(
                Map.of("group", "Network", "status", "6"),
                Map.of("group", "Default", "status", "resolved")))
        .isEmpty();
    assertThat(
            mapping.disagreements(
                Map.of("group", "Network", "status", "2"),
                Map.of("group", "Default", "status", "acknowledged")))
        .containsOnlyKeys("group");
  }

  @Test
  void fillsWhatAResolveNeeds() {
    assertThat(Shipped.field("status").fill(LEFT, "6"))
        .containsOnlyKeys("close-code", "close-notes");
    assertThat(Shipped.field("status").fill(LEFT, "2")).isEmpty();
    assertThat(Shipped.field("status").fill(RIGHT, "resolved")).isEmpty();
  }

  @Test
  void carriesEachFieldWhenItsSideTakesIt() {
    assertThat(Shipped.field("status").flowsAtCreationTo(RIGHT)).isFalse();
    assertThat(Shipped.field("status").flowsTo(RIGHT)).isTrue();
    assertThat(Shipped.field("description").flowsAtCreationTo(RIGHT)).isTrue();
    assertThat(Shipped.field("description").flowsTo(LEFT)).isFalse();
    assertThat(Shipped.field("hold-reason").flowsTo(RIGHT)).isTrue();
    assertThat(Shipped.field("hold-reason").flowsTo(LEFT)).isFalse();
    assertThat(Shipped.field("assignee").ignoresEmpty(RIGHT)).isTrue();
  }

  @Test
  void showsTheCallerNothingUnlessTheMappingSaysSo() {
    NotePolicy notes = mapping.notes();

    assertThat(notes.targetVisibility(RIGHT, Visibility.INTERNAL)).contains(Visibility.INTERNAL);
    assertThat(notes.targetVisibility(RIGHT, Visibility.PUBLIC)).contains(Visibility.INTERNAL);
    assertThat(notes.targetVisibility(LEFT, Visibility.PUBLIC)).contains(Visibility.INTERNAL);
  }
}
