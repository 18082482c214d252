package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.sandbox.servicenow.ChangeOutcome;
import dev.lockstep.sandbox.servicenow.ServiceNowOptions;
import dev.lockstep.sandbox.servicenow.ServiceNowSimulator;
import dev.lockstep.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Change requests by the shipped connector, in an instance that knows nothing of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChangeRequestTest {
  private static final String SYSTEM = "servicenow";
  private static final String KIND = "change-request";

  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T03:00:00Z"));
  private final ServiceNowSimulator serviceNow =
      ServiceNowSimulator.start(new ServiceNowOptions().clock(clock));
  private final ConnectorKit kit =
      new ConnectorKit(
          List.of(Path.of("connectors")),
          settings(),
          clock,
          Set.of("short_description", "state", "approval", "parent", "close_code", "rfc"));
  private final Connectors connectors = kit.connectors;

  private Map<String, String> settings() {
    Map<String, String> settings = ConnectorKit.settings(0);
    settings.put("SERVICENOW_URL", serviceNow.url());
    settings.put("SERVICENOW_PASSWORD", "lockstep");
    settings.put("SERVICENOW_READ_TIMEOUT", "5s");
    return settings;
  }

  @AfterAll
  void close() {
    kit.close();
    serviceNow.close();
  }

  private NativeRecord create(String correlation) {
    return connectors.create(
        SYSTEM,
        KIND,
        ConnectorContract.json("{\"short_description\":\"More disk\",\"type\":\"standard\"}"),
        correlation,
        "INC-7");
  }

  @Test
  void createsFindsFetchesAndUpdates() {
    NativeRecord created = create("far/action-item/1");

    assertThat(created.ref().kind()).isEqualTo(KIND);
    assertThat(created.key()).startsWith("CHG003");
    assertThat(created.url())
        .endsWith("/nav_to.do?uri=change_request.do%3Fsys_id%3D" + created.ref().id());
    assertThat(created.json().path("state").asText()).isEqualTo("-5");
    assertThat(serviceNow.value(created.ref().id(), "correlation_display")).isEqualTo("INC-7");
    assertThat(connectors.findByCorrelation(SYSTEM, KIND, "far/action-item/1"))
        .map(NativeRecord::ref)
        .contains(created.ref());
    assertThat(connectors.findByCorrelation(SYSTEM, "incident", "far/action-item/1")).isEmpty();

    NativeRecord moved =
        connectors.update(created.ref(), ConnectorContract.json("{\"state\":\"-2\"}"));
    assertThat(moved.json().path("approval").asText()).isEqualTo("approved");
    assertThat(moved.version()).isNotEqualTo(created.version());
    assertThat(connectors.fetch(created.ref()).version()).isEqualTo(moved.version());
    assertThat(connectors.link(created.ref(), "far/action-item/2", "INC-8")).isPresent();
    assertThat(serviceNow.value(created.ref().id(), "correlation_id"))
        .isEqualTo("far/action-item/2");
    assertThat(connectors.consolidates(SYSTEM, KIND)).isFalse();
  }

  @Test
  void tellsWhatTheInstanceRefuses() {
    NativeRecord created = create("far/action-item/3");
    RequestRejectedException skipped =
        catchThrowableOfType(
            RequestRejectedException.class,
            () -> connectors.update(created.ref(), ConnectorContract.json("{\"state\":\"0\"}")));
    assertThat(skipped.status()).isEqualTo(403);
    assertThat(skipped.answer()).contains("Check State Transition");
    serviceNow.as("admin").carryOut(created.ref().id(), ChangeOutcome.UNSUCCESSFUL, "No");
    assertThatThrownBy(
            () -> connectors.update(created.ref(), ConnectorContract.json("{\"risk\":\"2\"}")))
        .isInstanceOf(RequestRejectedException.class);
    assertThat(connectors.fetch(created.ref()).json().path("close_code").asText())
        .isEqualTo("unsuccessful");
    assertThatThrownBy(() -> connectors.fetch(new RecordRef(SYSTEM, KIND, "f".repeat(32))))
        .isInstanceOf(RecordNotFoundException.class);
  }

  @Test
  void writesAndReadsNotes() {
    NativeRecord created = create("far/action-item/4");
    connectors.addNote(created.ref(), "inside", Visibility.INTERNAL);
    clock.advance(java.time.Duration.ofSeconds(1));
    connectors.addNote(created.ref(), "outside", Visibility.PUBLIC);
    assertThat(connectors.notes(created.ref()))
        .extracting(WorkNote::text)
        .containsExactly("inside", "outside");
    assertThat(connectors.notes(created.ref()))
        .extracting(WorkNote::visibility)
        .containsExactly(Visibility.INTERNAL, Visibility.PUBLIC);
  }

  @Test
  void listsWhatChangedWithItsNotesAndNoIncidents() {
    clock.advance(java.time.Duration.ofHours(1));
    Instant since = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String incident =
        serviceNow.as("admin").create("incident", Map.of("short_description", "Mail is down"));
    serviceNow.as("admin").addWorkNote(incident, "not of a change");
    NativeRecord created = create("far/action-item/5");
    serviceNow.as("admin").addWorkNote(created.ref().id(), "seen");

    List<RecordRef> records = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String feed : connectors.feeds(SYSTEM, KIND)) {
      Optional<String> page = Optional.empty();
      do {
        ChangePage changes = connectors.listChanged(SYSTEM, KIND, feed, since, page);
        changes.records().forEach(record -> records.add(record.ref()));
        changes.notes().values().forEach(some -> some.forEach(note -> notes.add(note.text())));
        page = Optional.ofNullable(changes.nextPage());
      } while (page.isPresent());
    }

    assertThat(records).containsExactly(created.ref());
    assertThat(notes).containsExactly("seen");
  }

  @Test
  void namesTheChangeInItsIncidentAndTheIncidentInTheChange() {
    String incident =
        serviceNow.as("admin").create("incident", Map.of("short_description", "Mail is down"));
    NativeRecord created = create("far/action-item/6");
    connectors.update(created.ref(), ConnectorContract.json("{\"parent\":\"" + incident + "\"}"));
    NativeRecord after =
        connectors.update(
            new RecordRef(SYSTEM, "incident", incident),
            ConnectorContract.json("{\"rfc\":\"" + created.ref().id() + "\"}"));
    assertThat(after.json().path("rfc").asText()).isEqualTo(created.ref().id());
    assertThat(serviceNow.value(created.ref().id(), "parent.short_description"))
        .isEqualTo("Mail is down");
  }

  @Test
  void findsPeopleByNameAndLoginAndTellsWhenANameIsNotOnePersonsAlone() {
    String maya = serviceNow.seedUser("maya.lind", "Maya Lind", "maya@example.com");
    String one = serviceNow.seedUser("ana.a", "Ana Alvarez", "ana.a@example.com");
    String two = serviceNow.seedUser("ana.b", "Ana Alvarez", "ana.b@example.com");

    assertThat(connectors.idsOf(SYSTEM, "user-name", "Maya Lind")).containsExactly(maya);
    assertThat(connectors.idsOf(SYSTEM, "user-login", "maya.lind")).containsExactly(maya);
    assertThat(connectors.idOf(SYSTEM, "user-login", "maya.lind")).contains(maya);
    assertThat(connectors.idsOf(SYSTEM, "user", "maya@example.com")).containsExactly(maya);
    assertThat(connectors.idsOf(SYSTEM, "user-name", "Ana Alvarez"))
        .containsExactlyInAnyOrder(one, two);
    assertThat(connectors.idsOf(SYSTEM, "user-name", "Ana")).isEmpty();
    assertThat(connectors.idsOf(SYSTEM, "user-name", "")).isEmpty();
    assertThat(connectors.keyOf(SYSTEM, "user-login", two)).contains("ana.b");
  }

  @Test
  void doesNotOfferWhoLeftButStillKnowsHim() {
    String gone = serviceNow.seedUser("gus", "Gus Gone", "gus@example.com");
    serviceNow.deactivateUser("gus");

    assertThat(connectors.keyOf(SYSTEM, "user", gone)).contains("gus@example.com");
    assertThat(connectors.keyOf(SYSTEM, "user-name", gone)).contains("Gus Gone");
    assertThat(connectors.idOf(SYSTEM, "user", "gus@example.com")).isEmpty();
    assertThat(connectors.idsOf(SYSTEM, "user-name", "Gus Gone")).isEmpty();
    assertThat(connectors.idsOf(SYSTEM, "user-login", "gus")).isEmpty();
  }
}
