package dev.lockstep.mapping;

import static dev.lockstep.record.Side.LEFT;
import static dev.lockstep.record.Side.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.pair.AgreedValue;
import dev.lockstep.plan.InitialBase;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the shipped mapping of incidents has written when one side changes. */
class ShippedPlansTest {
  private final Mapping mapping = Shipped.incident();
  private final Planner planner = new Planner();

  private SyncPlan plan(
      Map<String, AgreedValue> base, Map<String, String> ticket, Map<String, String> incident) {
    return planner.plan(mapping, base, snapshot(LEFT, ticket), snapshot(RIGHT, incident));
  }

  private Snapshot snapshot(Side side, Map<String, String> values) {
    return new Snapshot(
        new RecordRef(mapping.system(side), "incident", "1"),
        "K",
        "",
        Version.count(1),
        Instant.EPOCH,
        "",
        values);
  }

  @Test
  void anAcknowledgementThatTimesOutTakesNoTicketOffHold() {
    Map<String, AgreedValue> base = Map.of("status", new AgreedValue("3", "acknowledged"));

    SyncPlan plan = plan(base, Map.of("status", "3"), Map.of("status", "triggered"));

    assertThat(plan.isInSync()).isTrue();
    assertThat(plan.settled()).containsEntry("status", new AgreedValue("3", "triggered"));
    SyncPlan next = plan(plan.settled(), Map.of("status", "3"), Map.of("status", "triggered"));
    assertThat(next.isInSync()).isTrue();
    assertThat(next.gaps()).isEmpty();
  }

  @Test
  void anAcknowledgementThatTimesOutWhileTheTicketIsPutOnHoldIsNoConflict() {
    Map<String, AgreedValue> base = Map.of("status", new AgreedValue("2", "acknowledged"));

    SyncPlan plan = plan(base, Map.of("status", "3"), Map.of("status", "triggered"));

    assertThat(plan.updates()).containsOnlyKeys(RIGHT);
    assertThat(plan.updates().get(RIGHT).values()).containsEntry("status", "acknowledged");
    assertThat(plan.updates().get(RIGHT).conflicts()).isEmpty();
  }

  @Test
  void whatHappensAfterTheTimeoutIsCarried() {
    Map<String, AgreedValue> base = Map.of("status", new AgreedValue("3", "triggered"));

    assertThat(plan(base, Map.of("status", "3"), Map.of("status", "resolved")).updates().get(LEFT))
        .satisfies(update -> assertThat(update.values()).containsEntry("status", "6"));
    assertThat(
            plan(base, Map.of("status", "2"), Map.of("status", "triggered")).updates().get(RIGHT))
        .satisfies(update -> assertThat(update.values()).containsEntry("status", "acknowledged"));
    assertThat(plan(base, Map.of("status", "1"), Map.of("status", "triggered")).isInSync())
        .isTrue();
    assertThat(plan(base, Map.of("status", "3"), Map.of("status", "acknowledged")).isInSync())
        .isTrue();
  }

  @Test
  void anIncidentThatIsReopenedIsGivenToTheTicketsAssigneeInTheSameCall() {
    Map<String, AgreedValue> base =
        Map.of(
            "status", new AgreedValue("6", "resolved"),
            "assignee", new AgreedValue("ana@example.com", "ana@example.com"));
    Map<String, String> incident = Map.of("status", "resolved", "assignee", "");

    for (String reopened : new String[] {"1", "2"}) {
      Map<String, String> ticket = Map.of("status", reopened, "assignee", "ana@example.com");
      assertThat(plan(base, ticket, incident).updates().get(RIGHT).values())
          .containsKey("status")
          .containsEntry("assignee", "ana@example.com");
    }
    assertThat(
            plan(base, Map.of("status", "1", "assignee", ""), incident)
                .updates()
                .get(RIGHT)
                .values())
        .containsOnlyKeys("status");
  }

  @Test
  void anEmptyAnswerIsNoAgreementThoughEmptySaysNothing() {
    FieldMapping assignee = Shipped.field("assignee");
    assertThat(assignee.agree("ana@example.com", "")).isTrue();
    assertThat(assignee.isInStep(LEFT, "ana@example.com", "")).isFalse();
    assertThat(assignee.isInStep(RIGHT, "", "ana@example.com")).isFalse();
    assertThat(assignee.isInStep(LEFT, "", "")).isTrue();
    assertThat(Shipped.field("service").isInStep(LEFT, "", "Default Service")).isTrue();
  }

  @Test
  void aDefaultServiceDecidesWhoIsNotifiedAndADefaultTitleDoesNot() {
    assertThat(Shipped.field("service").defaultsToReference(RIGHT)).isTrue();
    assertThat(Shipped.field("service").defaultsToReference(LEFT)).isFalse();
    assertThat(Shipped.field("title").defaultsToReference(RIGHT)).isFalse();
    assertThat(Shipped.field("group").defaultsToReference(RIGHT)).isFalse();
  }

  @Test
  void theAssigneeIsCarriedAfterCreationThoughNobodyIsOnCall() {
    Snapshot ticket = snapshot(LEFT, Map.of("group", "Nights", "assignee", "ana@example.com"));
    Snapshot created = snapshot(RIGHT, Map.of("group", "Nights", "assignee", ""));
    SyncPlan creation = new SyncPlan(Map.of(), List.of(), Map.of(), Map.of());

    Map<String, AgreedValue> agreed =
        InitialBase.of(mapping, creation, RIGHT, ticket, created, false);

    assertThat(planner.plan(mapping, agreed, ticket, created).updates().get(RIGHT).values())
        .containsEntry("assignee", "ana@example.com");
  }

  /** An action item got its change request before it was found to be the issue's counterpart. */
  @Test
  void whatAFoundRecordDoesNotTakeFromItsSourceIsItsOwn() {
    Mapping followUp = Shipped.named("follow-up.jira");
    Snapshot issue = snapshot(RIGHT, Map.of("status", "To Do"));
    Snapshot item = snapshot(LEFT, Map.of("status", "in-progress"));
    SyncPlan creation = new SyncPlan(Map.of(), List.of(), Map.of(), Map.of());

    Map<String, AgreedValue> agreed = InitialBase.of(followUp, creation, LEFT, issue, item, true);

    assertThat(planner.plan(followUp, agreed, item, issue).updates().get(RIGHT).values())
        .containsEntry("status", "In Progress");
  }

  @Test
  void urgencyIsWrittenWhereTheAccountHasNoPriorities() {
    var references = new SampleReferences();

    Mapping.Write raised = mapping.write(RIGHT, Map.of("priority", "P1"), references);
    Mapping.Write lowered = mapping.write(RIGHT, Map.of("priority", "P3"), references);
    Mapping.Write created =
        mapping.create(
            RIGHT,
            Map.of("priority", "P1", "title", "Down"),
            new Mapping.Origin(Map.of(), false),
            references);

    assertThat(raised.body().path("urgency").asText()).isEqualTo("high");
    assertThat(raised.body().has("priority")).isFalse();
    assertThat(raised.gaps()).containsEntry("priority", "pagerduty has no priority 'P1'");
    assertThat(raised.partly()).containsExactly("priority");
    assertThat(lowered.body().path("urgency").asText()).isEqualTo("low");
    assertThat(created.body().path("urgency").asText()).isEqualTo("high");
  }

  @Test
  void whatTheAccountSaysOfAnUnknownPriorityDoesNotFlowBack() {
    Map<String, AgreedValue> base = Map.of("priority", new AgreedValue("2/2", "P3"));
    assertThat(plan(base, Map.of("priority", "1/1"), Map.of("priority", "low")).updates())
        .containsOnlyKeys(RIGHT);
  }
}
