package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.mapping.FieldMapping.Owner;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.testkit.Engine;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.PostgresTools;
import dev.lockstep.testkit.TableField;
import dev.lockstep.testkit.TableMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * After the database was restored from a backup, the systems are ahead of it. What they show is
 * agreed on without a second record or a second note.
 */
class RestoredBackupTest {
  private static final TableMapping MAPPING =
      new TableMapping(
          List.of(
              new TableField("scope", Owner.LEFT),
              new TableField("title", Owner.LEFT),
              new TableField("priority", Owner.RIGHT)),
          Set.of());

  private final FakeSystems systems = new FakeSystems();
  private Engine engine = new Engine(MAPPING, systems);

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

  /**
   * The commands of {@code docs/operations.md}, while changes arrive, are processed and are
   * retried.
   */
  @Test
  void aDumpOfARunningServiceIsRestoredAndWorkIsResumed(@TempDir Path folder) throws Exception {
    try (PostgresTools tools = PostgresTools.find(folder).orElse(null)) {
      Assumptions.assumeTrue(tools != null, PostgresTools.MISSING);
      engine.close();
      engine = new Engine(MAPPING, systems, tools.migrated("service"), false);
      List<RecordRef> tickets = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tickets.add(opened("itsm", "Ticket " + i));
      }
      RecordRef waiting = tickets.get(0);
      systems.failBefore(RestoredBackupTest::refuseUpdates);
      systems.person(waiting, Map.of("title", "Not synced yet"));
      AtomicBoolean dumped = new AtomicBoolean();
      CompletableFuture<Integer> people =
          CompletableFuture.supplyAsync(() -> work(tickets, dumped));

      tools.shell(documented("pg_dump .*"), "service", folder);

      dumped.set(true);
      assertThat(people.join()).as("edits while it was dumped").isPositive();
      systems.failBefore(call -> {});
      engine.settle();
      notes(waiting, "after the dump");
      RecordRef later = opened("itsm", "After the dump");
      requireInSync(9);
      Map<RecordRef, List<Object>> before = shown();
      engine.close();

      tools.shell(documented("createdb [^`]*"), "service", folder);

      HikariDataSource restored = tools.pool("restored");
      assertThat(
              JdbcClient.create(restored)
                  .sql("select count(*) from inbox_entry where state <> 'DEAD_LETTER'")
                  .query(Long.class)
                  .single())
          .as("work under way in the dump")
          .isPositive();
      systems.onChange((ref, state) -> {});
      systems.person(tickets.get(1), Map.of("title", "While nothing ran"));
      engine = new Engine(MAPPING, systems, restored, true);
      systems.onChange((ref, state) -> engine.receive(ref, state));
      poll(all());
      poll(all());

      requireInSync(9);
      Map<RecordRef, List<Object>> after = shown();
      assertThat(after.keySet()).isEqualTo(before.keySet());
      RecordRef counterpart = counterpart(tickets.get(1));
      assertThat(systems.values(counterpart)).containsEntry("title", "While nothing ran");
      after.keySet().removeAll(List.of(tickets.get(1), counterpart));
      before.keySet().removeAll(List.of(tickets.get(1), counterpart));
      assertThat(after).isEqualTo(before);
      notes(later, "after all");
      assertThat(systems.noteTexts(counterpart(later)))
          .filteredOn(text -> text.contains("after all"))
          .hasSize(1);
    }
  }

  private static void refuseUpdates(String call) {
    if (call.equals("update platform")) {
      throw new SystemUnavailableException("Platform answered 503");
    }
  }

  /** What people do until the dump is made. */
  private int work(List<RecordRef> tickets, AtomicBoolean dumped) {
    int edits = 0;
    while (!dumped.get()) {
      RecordRef ticket = tickets.get(1 + edits % (tickets.size() - 1));
      systems.person(counterpart(ticket), Map.of("priority", String.valueOf(1 + edits % 5)));
      systems.personNotes(ticket, "note " + edits, Visibility.INTERNAL);
      edits++;
    }
    return edits;
  }

  private RecordRef counterpart(RecordRef ticket) {
    return engine
        .jdbc
        .sql("select right_ref from pair where left_ref = ?")
        .param(ticket.toString())
        .query((rs, i) -> RecordRef.parse(rs.getString(1)))
        .single();
  }

  /** The command in the documentation that begins like this. */
  private static String documented(String pattern) throws IOException {
    Matcher command =
        Pattern.compile(pattern).matcher(Files.readString(Path.of("docs/operations.md")));
    assertThat(command.find()).as(pattern).isTrue();
    return command.group();
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

  /** An event has no notes that could name its source, and nobody else can have sent it. */
  @Test
  void sendsNoEventAgainWithAnEmptyDatabase() {
    systems.takesEvents("itsm");
    RecordRef change = opened("platform", "Replace the disks");
    Map<RecordRef, List<Object>> before = shown();
    assertThat(systems.all("itsm")).hasSize(1);
    engine.stop();
    engine.age();
    engine.forget();
    engine.start();

    poll(List.of(change));
    assertThat(shown()).isEqualTo(before);
    requireInSync(1);
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
