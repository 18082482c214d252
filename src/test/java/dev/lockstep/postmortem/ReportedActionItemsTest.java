package dev.lockstep.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.intake.ReportedActionItem;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Webhooks come twice, late and in any order. */
class ReportedActionItemsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private final Tables tables = new Tables();
  private final ReportedActionItems tasks = new ReportedActionItems(tables.items);

  @AfterEach
  void close() {
    tables.close();
  }

  private static ReportedActionItem task(String title, boolean done, Instant at) {
    RecordRef incident = RecordRef.parse("pagerduty/incident/Q1");
    var ann = new ReportedActionItem.Owner("user", "P1", "ann@example.com", "Ann");
    return new ReportedActionItem("pagerduty", "T1", incident, title, "", ann, null, done, at, "");
  }

  private ActionItem only() {
    assertThat(tables.store.findAll()).hasSize(1);
    return tables.store.findAll().get(0);
  }

  @Test
  void whatIsToldLateChangesNothingAnyMore() {
    tasks.onActionItem(task("Call the vendor today", true, NOON.plusSeconds(60)));
    tasks.onActionItem(task("Call the vendor", false, NOON));

    assertThat(only().title()).isEqualTo("Call the vendor today");
    assertThat(only().stage()).isEqualTo(ActionItemStatus.DONE);
  }

  @Test
  void toldTwiceItIsThereOnce() {
    tasks.onActionItem(task("Call the vendor", false, NOON));
    long revision = only().revision();
    tasks.onActionItem(task("Call the vendor", false, NOON));

    assertThat(only().revision()).isEqualTo(revision);
  }

  @Test
  void whatChangedWithinTheSameMomentIsNotLost() {
    tasks.onActionItem(task("Call the vendor", false, NOON));
    tasks.onActionItem(task("Call the vendor today", false, NOON));

    assertThat(only().title()).isEqualTo("Call the vendor today");
  }
}
