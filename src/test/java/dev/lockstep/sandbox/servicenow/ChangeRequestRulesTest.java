package dev.lockstep.sandbox.servicenow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.testkit.SettableClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChangeRequestRulesTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00Z"));
  private final List<RecordChange> changes = new ArrayList<>();
  private final Store store = new Store(new Schema());
  private final RecordService service =
      new RecordService(store, clock, false, "itil_admin", (change, row) -> changes.add(change));
  private final ServiceNowPerson maya = person("maya", UserSession.Access.WORK, Set.of());
  private final ServiceNowPerson manager =
      person("mo", UserSession.Access.WORK, Set.of("change_manager"));
  private final ServiceNowPerson admin = person("admin", UserSession.Access.ADMIN, Set.of());

  private ServiceNowPerson person(String name, UserSession.Access access, Set<String> roles) {
    return new ServiceNowPerson(service, new UserSession(name, name + "-id", access, roles, false));
  }

  private String change(String type) {
    return maya.create("change_request", Map.of("short_description", "More disk", "type", type));
  }

  private Row row(String sysId) {
    return service.read("change_request", sysId);
  }

  private static void refuses(String detail, Runnable write) {
    assertThatThrownBy(write::run)
        .isInstanceOfSatisfying(
            ServiceNowException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(403);
              assertThat(refused.detail()).contains(detail);
            });
  }

  @Test
  void startsWithTheDefaultsOfTheBaseSystem() {
    String sysId = maya.create("change_request", Map.of("short_description", "More disk"));
    assertThat(row(sysId).values())
        .containsEntry("number", "CHG0030001")
        .containsEntry("type", "normal")
        .containsEntry("state", "-5")
        .containsEntry("approval", "not requested")
        .containsEntry("category", "Other")
        .containsEntry("priority", "4")
        .containsEntry("risk", "3")
        .containsEntry("impact", "3")
        .containsEntry("on_hold", "false")
        .containsEntry("requested_by", "maya-id")
        .containsEntry("opened_at", "2026-11-24 03:00:00")
        .containsEntry("active", "true")
        .containsEntry("sys_mod_count", "0");
  }

  @Test
  void beginsWithAShortDescriptionAsNewAndOfAKnownType() {
    refuses("Short description", () -> maya.create("change_request", Map.of("risk", "2")));
    refuses(
        "begins as New",
        () -> maya.create("change_request", Map.of("short_description", "x", "state", "-1")));
    refuses(
        "begins as New",
        () ->
            maya.create(
                "change_request", Map.of("short_description", "x", "approval", "approved")));
    refuses("unknown type", () -> change("model"));
    String sysId = change("normal");
    refuses("Short description", () -> maya.update(sysId, Map.of("short_description", "")));
    assertThat(store.all("change_request")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normal    | -5 -4 -3 -2 -1 0 3",
        "standard  | -5 -2 -1 0 3",
        "emergency | -5 -3 -2 -1 0 3"
      })
  void walksTheStatesOfItsType(String type, String states) {
    String sysId = change(type);
    changes.clear();
    maya.carryOut(sysId, ChangeOutcome.SUCCESSFUL, "Done");
    List<String> seen = new ArrayList<>(List.of("-5"));
    changes.stream()
        .map(change -> change.fields().get("state"))
        .filter(state -> state != null)
        .forEach(seen::add);
    assertThat(seen).isEqualTo(Arrays.asList(states.split(" ")));
    assertThat(row(sysId).values())
        .containsEntry("approval", "approved")
        .containsEntry("close_code", "successful")
        .containsEntry("close_notes", "Done")
        .containsEntry("active", "false")
        .containsEntry("closed_by", "maya-id")
        .containsKeys("closed_at", "work_start", "work_end");
  }

  @ParameterizedTest
  @EnumSource(ChangeOutcome.class)
  void comesToEachEnd(ChangeOutcome outcome) {
    String sysId = change("standard");
    maya.carryOut(sysId, outcome, "So it ended");
    boolean cancelled = outcome == ChangeOutcome.CANCELLED;
    assertThat(row(sysId).get("state")).isEqualTo(cancelled ? "4" : "3");
    assertThat(row(sysId).get("close_code")).isEqualTo(outcome.closeCode());
    assertThat(row(sysId).get("close_notes")).isEqualTo("So it ended");
    refuses("ACL", () -> maya.update(sysId, Map.of("risk", "1")));
    refuses("ACL", () -> maya.addWorkNote(sysId, "late"));
    assertThat(admin.update(sysId, Map.of("risk", "1"))).isTrue();
    refuses("Business Rule", () -> admin.update(sysId, Map.of("state", "-5")));
  }

  @ParameterizedTest
  @CsvSource({
    "normal,-3",
    "normal,-2",
    "normal,-1",
    "normal,0",
    "normal,3",
    "normal,42",
    "standard,-4",
    "standard,-3",
    "standard,-1",
    "emergency,-4",
    "emergency,-2"
  })
  void refusesToSkipAState(String type, String state) {
    String sysId = change(type);
    refuses("Business Rule", () -> maya.update(sysId, Map.of("state", state, "risk", "1")));
    assertThat(row(sysId).get("risk")).isEqualTo("3");
  }

  @Test
  void isApprovedByAChangeManagerAlone() {
    String sysId = change("normal");
    refuses("No approval", () -> manager.update(sysId, Map.of("approval", "approved")));
    maya.update(sysId, Map.of("state", "-4"));
    assertThat(row(sysId).get("approval")).isEqualTo("requested");
    refuses("ACL", () -> maya.update(sysId, Map.of("approval", "approved")));
    refuses("Business Rule", () -> maya.update(sysId, Map.of("state", "-3")));
    refuses("Business Rule", () -> manager.update(sysId, Map.of("state", "-3")));
    refuses("approved or rejected", () -> manager.update(sysId, Map.of("approval", "maybe")));
    manager.update(sysId, Map.of("approval", "approved"));
    assertThat(row(sysId).values())
        .containsEntry("state", "-3")
        .containsEntry("approval", "requested");
    manager.update(sysId, Map.of("approval", "approved"));
    assertThat(row(sysId).values())
        .containsEntry("state", "-2")
        .containsEntry("approval", "approved");
  }

  @Test
  void goesBackToNewWhenRejectedOrTakenBack() {
    String sysId = change("emergency");
    maya.update(sysId, Map.of("state", "-3"));
    manager.update(sysId, Map.of("approval", "rejected"));
    assertThat(row(sysId).values())
        .containsEntry("state", "-5")
        .containsEntry("approval", "rejected");
    maya.update(sysId, Map.of("state", "-3"));
    maya.update(sysId, Map.of("state", "-5"));
    assertThat(row(sysId).get("approval")).isEqualTo("not requested");
    maya.update(sysId, Map.of("type", "standard"));
    maya.update(sysId, Map.of("state", "-2"));
    refuses("type", () -> maya.update(sysId, Map.of("type", "normal")));
    refuses("Business Rule", () -> maya.update(sysId, Map.of("state", "-5")));
  }

  @Test
  void closesWithCodeAndNotesAndIsNotCancelledInReview() {
    String sysId = change("standard");
    for (String state : List.of("-2", "-1", "0")) {
      maya.update(sysId, Map.of("state", state));
    }
    refuses("Close code, Close notes", () -> maya.update(sysId, Map.of("state", "3")));
    refuses(
        "Close notes",
        () -> maya.update(sysId, Map.of("state", "3", "close_code", "unsuccessful")));
    refuses("Business Rule", () -> maya.update(sysId, Map.of("state", "4")));
    refuses("Business Rule", () -> maya.update(sysId, Map.of("state", "-1")));
  }

  @Test
  void staysWhereItIsWhileOnHold() {
    String sysId = change("standard");
    maya.update(sysId, Map.of("state", "-2"));
    refuses("On hold reason", () -> maya.update(sysId, Map.of("on_hold", "true")));
    maya.update(sysId, Map.of("on_hold", "true", "on_hold_reason", "Freeze"));
    refuses("Not On hold", () -> maya.update(sysId, Map.of("state", "-1")));
    maya.update(sysId, Map.of("state", "-1", "on_hold", "false"));
    maya.update(sysId, Map.of("on_hold", "true"));
    maya.update(sysId, Map.of("state", "4"));
    assertThat(row(sysId).get("on_hold")).isEqualTo("false");
  }

  @Test
  void endsAfterItStarts() {
    String sysId = change("normal");
    maya.update(sysId, Map.of("end_date", "2026-12-01 10:00:00"));
    refuses("end date", () -> maya.update(sysId, Map.of("start_date", "2026-12-01 10:00:01")));
    maya.update(sysId, Map.of("start_date", "2026-12-01 09:00:00"));
    assertThat(row(sysId).get("start_date")).isEqualTo("2026-12-01 09:00:00");
  }

  @Test
  void isDeletedByAChangeManagerOnly() {
    String sysId = change("normal");
    refuses("Delete", () -> maya.delete(sysId));
    manager.delete(sysId);
    assertThat(store.find(sysId)).isNull();
  }

  @Test
  void hangsUnderTheTaskItCameFromAndIsNamedByIncidents() {
    String incident = maya.create("incident", Map.of("short_description", "Mail is down"));
    String sysId =
        maya.create("change_request", Map.of("short_description", "More disk", "parent", incident));
    assertThat(store.value(row(sysId), "parent.number")).isEqualTo("INC0010001");
    maya.update(incident, Map.of("rfc", sysId, "caused_by", sysId));
    Row named = service.read("incident", incident);
    assertThat(store.value(named, "rfc.number")).isEqualTo("CHG0030001");
    assertThat(store.value(named, "caused_by.state")).isEqualTo("-5");
  }

  @Test
  void keepsItsJournal() {
    String sysId = change("normal");
    maya.update(sysId, Map.of("work_notes", "checked", "comments", "soon"));
    assertThat(store.journal(sysId))
        .extracting(JournalEntry::element)
        .containsExactly("work_notes", "comments");
    assertThat(store.all("sys_journal_field"))
        .allSatisfy(entry -> assertThat(entry.get("name")).isEqualTo("change_request"));
  }
}
