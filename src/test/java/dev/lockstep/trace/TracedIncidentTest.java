package dev.lockstep.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.pair.Pair;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TableMapping;
import dev.lockstep.trace.Traces.Member;
import dev.lockstep.trace.timeline.TimelineEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracedIncidentTest {
  private static final Instant OPENED = Instant.parse("2026-11-24T03:00:00Z");
  private static final TableMapping MAPPING = new TableMapping(List.of(), Set.of());
  private static final Snapshot TICKET = seen("itsm", "INC1", OPENED.plusSeconds(60));
  private static final Snapshot ALERT = seen("platform", "#1", OPENED);
  private static final Snapshot ISSUE = seen("issues", "OPS-1", null);

  private static Snapshot seen(String system, String key, @Nullable Instant openedAt) {
    return new Snapshot(
        new RecordRef(system, "incident", key),
        key,
        "https://" + system,
        Version.count(1),
        Instant.EPOCH,
        "",
        Map.of("title", "Portal is down", "status", "open"),
        openedAt,
        null,
        null);
  }

  private static Pair pair(Snapshot left, Snapshot right) {
    return Pair.start(
            UUID.randomUUID(),
            UUID.randomUUID(),
            MAPPING.name(),
            Side.LEFT,
            RecordState.of(MAPPING.name(), left))
        .seen(Side.RIGHT, RecordState.of(MAPPING.name(), right));
  }

  private static Incident incident(Snapshot seen, Side side, Snapshot... records) {
    return new Incident(List.of(records).stream().map(Snapshot::ref).toList(), seen, side, MAPPING);
  }

  @Test
  void showsTheRecordsOfAllSystemsWithThoseOfTheTicketsPairFirst() {
    Pair ticket = pair(TICKET, ALERT);
    TracedIncident traced =
        TracedIncident.paired(
            incident(TICKET, Side.LEFT, TICKET, ALERT, ISSUE),
            ticket,
            List.of(pair(TICKET, ISSUE), ticket));

    assertThat(traced.toRoot().records())
        .extracting(Member::key)
        .containsExactly("INC1", "#1", "OPS-1");
    assertThat(traced.toRoot().title()).isEqualTo("Portal is down");
    assertThat(traced.alert())
        .isEqualTo(
            new Member(
                "platform", "platform/incident/#1", "#1", "https://platform", "open", OPENED));
  }

  @Test
  void leavesOutRecordsOfTheCorrelationThatAreNoneOfTheIncident() {
    Pair ticket = pair(TICKET, ALERT);
    TracedIncident traced =
        TracedIncident.paired(
            incident(TICKET, Side.LEFT, TICKET, ALERT),
            ticket,
            List.of(ticket, pair(TICKET, ISSUE)));

    assertThat(traced.records()).containsExactly(TICKET, ALERT);
  }

  @Test
  void saysWhenEachRecordWasOpenedAndWhichOneAlerted() {
    Pair ticket = pair(TICKET, ALERT);
    TracedIncident traced =
        TracedIncident.paired(
            incident(TICKET, Side.LEFT, TICKET, ALERT, ISSUE),
            ticket,
            List.of(ticket, pair(TICKET, ISSUE)));

    assertThat(traced.openedEvents())
        .containsExactly(
            TimelineEvent.of("itsm", OPENED.plusSeconds(60), "INC1", "opened", "in itsm", ""),
            TimelineEvent.of("platform", OPENED, "#1", "alerted", "in platform", ""));
  }

  @Test
  void anIncidentOfThePlatformAloneIsItsAlert() {
    TracedIncident traced = TracedIncident.unpaired(incident(ALERT, Side.RIGHT, ALERT));

    assertThat(traced.alert()).isEqualTo(traced.toRoot().records().get(0));
    assertThat(traced.openedEvents()).extracting(TimelineEvent::what).containsExactly("alerted");
  }

  @Test
  void aTicketAloneHasNoAlert() {
    TracedIncident traced = TracedIncident.unpaired(incident(TICKET, Side.LEFT, TICKET));

    assertThat(traced.alert()).isNull();
    assertThat(traced.toRoot().records()).extracting(Member::key).containsExactly("INC1");
    assertThat(traced.openedEvents()).extracting(TimelineEvent::what).containsExactly("opened");
  }
}
