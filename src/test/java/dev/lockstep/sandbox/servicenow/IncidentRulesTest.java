package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.lockstep.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentRulesTest {
  private static final Map<String, String> RESOLVED =
      Map.of("state", "6", "close_code", "Solution provided", "close_notes", "Restarted");

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00.750Z"));
  private final List<RecordChange> changes = new ArrayList<>();
  private final Store store = new Store(new Schema());
  private final RecordService service =
      new RecordService(store, clock, false, "itil_admin", (change, row) -> changes.add(change));
  private final ServiceNowPerson ann =
      new ServiceNowPerson(service, new UserSession("ann", "u1", UserSession.Access.WORK, false));
  private final ServiceNowPerson admin =
      new ServiceNowPerson(
          service, new UserSession("admin", "u0", UserSession.Access.ADMIN, false));
  private String sysId = "";

  @BeforeEach
  void oneIncident() {
    sysId = ann.create("incident", Map.of("short_description", "Mail is down"));
    changes.clear();
  }

  @Test
  void startsWithTheDefaultsOfTheBaseSystem() {
    assertThat(sysId).matches("[0-9a-f]{32}");
    assertThat(row().values())
        .containsEntry("number", "INC0010001")
        .containsEntry("state", "1")
        .containsEntry("incident_state", "1")
        .containsEntry("impact", "3")
        .containsEntry("urgency", "3")
        .containsEntry("priority", "5")
        .containsEntry("active", "true")
        .containsEntry("opened_at", "2026-11-24 03:00:00")
        .containsEntry("opened_by", "u1")
        .containsEntry("sys_mod_count", "0")
        .containsEntry("sys_created_on", "2026-11-24 03:00:00")
        .containsEntry("sys_created_by", "ann")
        .containsEntry("sys_updated_by", "ann")
        .containsEntry("sys_class_name", "incident");
    assertThat(ann.create("incident", Map.of())).isNotEqualTo(sysId);
    assertThat(store.all("task")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1", "1,2,2", "1,3,3",
    "2,1,2", "2,2,3", "2,3,4",
    "3,1,3", "3,2,4", "3,3,5"
  })
  void computesPriorityFromImpactAndUrgency(String impact, String urgency, String priority) {
    ann.update(sysId, Map.of("impact", impact, "urgency", urgency, "priority", "1"));
    assertThat(row().get("priority")).isEqualTo(priority);
  }

  @Test
  void doesNotLetPriorityBeWritten() {
    assertThat(ann.update(sysId, Map.of("priority", "1"))).isFalse();
    assertThat(row().get("priority")).isEqualTo("5");
  }

  @Test
  void countsRealChangesOnly() {
    clock.advance(Duration.ofSeconds(5));
    assertThat(ann.update(sysId, Map.of("short_description", "Mail is down"))).isFalse();
    assertThat(ann.update(sysId, Map.of("colour", "red", "sys_mod_count", "7"))).isFalse();
    assertThat(row().get("sys_mod_count")).isEqualTo("0");
    assertThat(row().get("sys_updated_on")).isEqualTo("2026-11-24 03:00:00");
    assertThat(changes).isEmpty();

    assertThat(ann.update(sysId, Map.of("impact", "1"))).isTrue();
    assertThat(row().get("sys_mod_count")).isEqualTo("1");
    assertThat(row().get("sys_updated_on")).isEqualTo("2026-11-24 03:00:05");
    assertThat(changes)
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.fields()).isEqualTo(Map.of("impact", "1", "priority", "3"));
              assertThat(change.by()).isEqualTo("ann");
              assertThat(change.modCount()).isEqualTo(1);
              assertThat(change.at()).isEqualTo(clock.instant());
            });
  }

  @Test
  void appendsToTheJournalAndNeverTakesBack() {
    ann.addWorkNote(sysId, "first");
    ann.addWorkNote(sysId, "first");
    ann.update(sysId, Map.of("comments", "hello", "work_notes", ""));
    assertThat(store.journal(sysId))
        .extracting(JournalEntry::element, JournalEntry::value, JournalEntry::createdBy)
        .containsExactly(
            tuple("work_notes", "first", "ann"),
            tuple("work_notes", "first", "ann"),
            tuple("comments", "hello", "ann"));
    assertThat(row().get("sys_mod_count")).isEqualTo("3");
    assertThat(row().values()).doesNotContainKeys("work_notes", "comments");
    String entry = store.journal(sysId).get(0).sysId();
    assertThatThrownBy(() -> admin.update(entry, Map.of("value", "never said")))
        .isInstanceOf(ServiceNowException.class);
    assertThatThrownBy(() -> admin.delete(entry)).isInstanceOf(ServiceNowException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "6 | ''   | ''  | Resolution code, Resolution notes",
        "6 | done | ''  | Resolution notes",
        "6 | ''   | yes | Resolution code",
        "7 | ''   | ''  | Resolution code, Resolution notes",
        "3 | ''   | ''  | On hold reason"
      })
  void refusesAStateThatLacksItsReasons(String state, String code, String notes, String missing) {
    Map<String, String> fields =
        Map.of("state", state, "close_code", code, "close_notes", notes, "impact", "1");
    assertThatThrownBy(() -> ann.update(sysId, fields))
        .isInstanceOfSatisfying(
            ServiceNowException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(403);
              assertThat(refused.detail())
                  .isEqualTo(
                      "Data Policy Exception: The following fields are mandatory: " + missing);
            });
    assertThat(row().get("state")).isEqualTo("1");
    assertThat(row().get("impact")).isEqualTo("3");
  }

  @Test
  void resolvesReopensAndCloses() {
    clock.advance(Duration.ofSeconds(1));
    ann.update(sysId, RESOLVED);
    assertThat(row().values())
        .containsEntry("incident_state", "6")
        .containsEntry("active", "true")
        .containsEntry("resolved_by", "u1")
        .containsEntry("resolved_at", "2026-11-24 03:00:01");

    ann.update(sysId, Map.of("state", "2"));
    assertThat(row().values())
        .containsEntry("reopen_count", "1")
        .containsEntry("reopened_by", "u1")
        .containsEntry("close_code", "Solution provided")
        .doesNotContainKeys("resolved_at", "resolved_by");

    ann.update(sysId, Map.of("incident_state", "6"));
    ann.update(sysId, Map.of("state", "7"));
    assertThat(row().values())
        .containsEntry("state", "7")
        .containsEntry("active", "false")
        .containsEntry("closed_by", "u1")
        .containsKey("closed_at");
  }

  @Test
  void keepsAClosedIncidentFromEveryoneButAdministrators() {
    ann.update(sysId, RESOLVED);
    ann.update(sysId, Map.of("state", "7"));
    assertThatThrownBy(() -> ann.addWorkNote(sysId, "too late"))
        .isInstanceOfSatisfying(
            ServiceNowException.class,
            refused ->
                assertThat(refused.detail())
                    .isEqualTo("ACL Exception Update Failed due to security constraints"));
    assertThat(store.journal(sysId)).isEmpty();
    assertThat(admin.update(sysId, Map.of("state", "2"))).isTrue();
    assertThat(row().get("active")).isEqualTo("true");
  }

  @Test
  void leavesClosedIncidentsToTheRoleTheOptionNames() {
    ServiceNowPerson lead =
        new ServiceNowPerson(
            service,
            new UserSession("lea", "u2", UserSession.Access.WORK, Set.of("itil_admin"), false));
    ann.update(sysId, RESOLVED);
    ann.update(sysId, Map.of("state", "7"));
    assertThatThrownBy(() -> ann.update(sysId, Map.of("state", "6")))
        .isInstanceOf(ServiceNowException.class);
    assertThat(lead.update(sysId, Map.of("state", "6"))).isTrue();
    assertThat(row().values())
        .containsEntry("state", "6")
        .containsEntry("active", "true")
        .containsEntry("reopen_count", "0")
        .doesNotContainKeys("closed_at", "closed_by");
  }

  @Test
  void forgetsTheHoldReasonOnceItGoesOn() {
    ann.update(sysId, Map.of("state", "3", "hold_reason", "1"));
    assertThat(row().get("hold_reason")).isEqualTo("1");
    ann.update(sysId, Map.of("state", "2"));
    assertThat(row().get("hold_reason")).isEmpty();
  }

  @Test
  void takesReferencesByIdOrByNameAndLeavesOutUnknownNames() {
    String network = service.seed("sys_user_group", Map.of("name", "Network"));
    ann.update(sysId, Map.of("assignment_group", "Network"));
    assertThat(row().get("assignment_group")).isEqualTo(network);
    ann.update(sysId, Map.of("assignment_group", "f".repeat(32)));
    assertThat(row().get("assignment_group")).isEqualTo("f".repeat(32));
    assertThat(row().get("reassignment_count")).isEqualTo("1");
    ann.update(sysId, Map.of("assignment_group", "Nobody"));
    assertThat(row().get("assignment_group")).isEmpty();
  }

  @Test
  void takesAnUnknownChoiceAsItIs() {
    assertThat(ann.update(sysId, Map.of("state", "42"))).isTrue();
    assertThat(row().get("state")).isEqualTo("42");
  }

  @Test
  void cutsWhatIsLongerThanItsColumn() {
    ann.update(sysId, Map.of("short_description", "x".repeat(200)));
    assertThat(row().get("short_description")).hasSize(160);
  }

  @Test
  void deletesARecordWithItsJournal() {
    ann.addWorkNote(sysId, "gone soon");
    ann.delete(sysId);
    assertThat(store.find(sysId)).isNull();
    assertThat(store.all("sys_journal_field")).isEmpty();
    assertThat(changes).extracting(RecordChange::kind).contains(RecordChange.Kind.DELETED);
    assertThatThrownBy(() -> ann.addWorkNote(sysId, "too late"))
        .isInstanceOfSatisfying(
            ServiceNowException.class, refused -> assertThat(refused.status()).isEqualTo(404));
  }

  @Test
  void losesNoChangeWhenManyWriteAtOnce() {
    IntStream.range(0, 200).parallel().forEach(i -> ann.addWorkNote(sysId, "note " + i));
    assertThat(row().get("sys_mod_count")).isEqualTo("200");
    assertThat(store.journal(sysId)).hasSize(200).doesNotHaveDuplicates();
    assertThat(changes).extracting(RecordChange::modCount).isSorted().hasSize(200);
  }

  private Row row() {
    Row row = store.find(sysId);
    return row == null ? new Row("incident", sysId, Map.of()) : row;
  }
}
