package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After the database was restored from a backup, the systems are ahead of it. What they show is
 * agreed on without a second record or a second note.
 */
class RestoredBackupTest {
  private final FakeSystems systems = new FakeSystems();
  private final Engine engine =
      new Engine(
          new TableMapping(
              List.of(
                  new TableField("scope", Owner.LEFT),
                  new TableField("title", Owner.LEFT),
                  new TableField("priority", Owner.RIGHT)),
              Set.of()),
          systems);

  RestoredBackupTest() {
    systems.onChange((ref, state) -> engine.receive(ref, state));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private RecordRef opened(String system, String title) {
    RecordRef ref = systems.person(system, Map.of("scope", "yes", "title", title, "priority", "1"));
    engine.settle();
    return ref;
  }

  private void notes(RecordRef ref, String text) {
    systems.personNotes(ref, text, Visibility.INTERNAL);
    engine.settle();
  }

  private RecordRef latest(String system) {
    List<RecordRef> all = new ArrayList<>(systems.all(system));
    all.sort((one, other) -> number(one) - number(other));
    return all.get(all.size() - 1);
  }

  private static int number(RecordRef ref) {
    return Integer.parseInt(ref.id().substring(1));
  }

  private List<RecordRef> all() {
    List<RecordRef> all = new ArrayList<>(systems.all("itsm"));
    all.addAll(systems.all("platform"));
    return all;
  }

  private Map<RecordRef, List<Object>> shown() {
    Map<RecordRef, List<Object>> shown = new TreeMap<>();
    all().forEach(ref -> shown.put(ref, List.of(systems.values(ref), systems.noteTexts(ref))));
    return shown;
  }

  private void poll(List<RecordRef> records) {
    for (RecordRef ref : records) {
      engine.bean(Inbox.class).receive(engine.event("poll", ref, systems.peek(ref)));
    }
    engine.settle();
  }

  private void requireInSync(int pairs) {
    assertThat(engine.jdbc.sql("select state from pair").query(String.class).list())
        .hasSize(pairs)
        .containsOnly("LINKED");
    assertThat(engine.jdbc.sql("select count(*) from inbox_entry").query(Long.class).single())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bringsBackNothingThatWasDoneSince(boolean platformFirst) {
    RecordRef ticket = opened("itsm", "Records down");
    RecordRef incident = latest("platform");
    RecordRef alert = opened("platform", "Disk full");
    RecordRef alertTicket = latest("itsm");
    notes(ticket, "known to the backup");
    engine.stop();
    String backup = engine.backUp();

    engine.start();
    systems.person(ticket, Map.of("title", "Records are down"));
    systems.person(incident, Map.of("priority", "2"));
    engine.settle();
    notes(ticket, "on the ticket");
    notes(incident, "on the incident");
    notes(alertTicket, "on the alert's ticket");
    RecordRef laterTicket = opened("itsm", "Printer down");
    notes(laterTicket, "on the later ticket");
    notes(latest("platform"), "on the later incident");
    RecordRef laterAlert = opened("platform", "CPU hot");
    notes(laterAlert, "on the later alert");
    notes(latest("itsm"), "on the later alert's ticket");
    requireInSync(4);
    Map<RecordRef, List<Object>> before = shown();
    engine.stop();

    engine.age();
    engine.restore(backup);
    engine.start();
    List<RecordRef> records = all();
    if (platformFirst) {
      Collections.reverse(records);
    }
    poll(records);
    assertThat(shown()).isEqualTo(before);
    requireInSync(4);
    poll(records);
    assertThat(shown()).isEqualTo(before);

    systems.person(laterAlert, Map.of("priority", "5"));
    notes(alert, "after all");
    assertThat(systems.values(latest("itsm"))).containsEntry("priority", "5");
    assertThat(systems.noteTexts(alertTicket))
        .filteredOn(text -> text.contains("after all"))
        .hasSize(1);
  }

  /** What people did while nothing ran is not mistaken for what was there before. */
  @Test
  void syncsWhatChangedWhileTheDatabaseWasAway() {
    RecordRef ticket = opened("itsm", "Records down");
    RecordRef incident = latest("platform");
    engine.stop();
    String backup = engine.backUp();
    systems.onChange((ref, state) -> {});
    systems.person(ticket, Map.of("title", "Records are down"));
    systems.personNotes(ticket, "written meanwhile", Visibility.INTERNAL);
    engine.age();
    engine.restore(backup);
    engine.start();

    poll(all());
    assertThat(systems.values(incident)).containsEntry("title", "Records are down");
    assertThat(systems.noteTexts(incident))
        .filteredOn(text -> text.contains("written meanwhile"))
        .hasSize(1);
  }

  /** A database without any backup: what Lockstep wrote into the systems is enough. */
  @Test
  void recognizesItsPairsWithAnEmptyDatabase() {
    opened("itsm", "Records down");
    notes(latest("platform"), "on the incident");
    opened("platform", "Disk full");
    notes(latest("itsm"), "on the ticket");
    Map<RecordRef, List<Object>> before = shown();
    engine.stop();
    engine.age();
    engine.forget();
    engine.start();

    poll(all());
    assertThat(shown()).isEqualTo(before);
    requireInSync(2);
  }

  /** Anybody may write what a record names; only Lockstep's note proves it. */
  @Test
  void aReferenceAloneProvesNothing() {
    systems.onChange((ref, state) -> {});
    RecordRef alert =
        systems.person("platform", Map.of("scope", "yes", "title", "CPU hot", "priority", "1"));
    RecordRef forged = systems.person("itsm", Map.of("scope", "no", "title", "x"));
    systems.names(forged, alert.toString());
    engine.stop();
    engine.age();
    engine.start();

    poll(List.of(alert));
    assertThat(systems.all("itsm")).hasSize(2);
    assertThat(systems.values(forged)).containsEntry("title", "x");
  }

  /** A new record costs no search. */
  @Test
  void searchesOnlyForRecordsThatWereNotOpenedJustNow() {
    opened("itsm", "Records down");
    assertThat(systems.calls("find platform")).isZero();
  }
}
