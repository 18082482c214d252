package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.pair.RefusedNoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.plan.NoteFormat;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.FakeSystems;
import dev.lockstep.testkit.NoMappings;
import dev.lockstep.testkit.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A note that only the log tells of must be fetched unless it surely is known. */
final class PairIndexTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final Instant THEN = Instant.parse("2026-11-24T03:00:00Z");
  private static final RecordRef HERE = new RecordRef("platform", "incident", "P1");
  private static final RecordRef THERE = new RecordRef("itsm", "incident", "1");

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final RecordStore records = new RecordStore(jdbc, json);
  private final PairStore pairs =
      new PairStore(
          jdbc, json, records, new AuditStore(jdbc, json, Clock.systemUTC()), Clock.systemUTC());
  private final NoteStore notes = new NoteStore(jdbc, json);
  private final DeliveryStore deliveries = new DeliveryStore(jdbc);
  private final PairIndex files =
      new PairIndex(
          records,
          pairs,
          notes,
          deliveries,
          new RefusedNoteStore(jdbc),
          new SentNotes(new FakeSystems(), new NoMappings(), deliveries, notes),
          record -> false,
          new SnapshotReader(null, new NoMappings()),
          new NoMappings());

  @BeforeEach
  void pair() {
    jdbc.sql("truncate note, note_delivery, audit, pair, record").update();
    Pair pair =
        Pair.start(UUID.randomUUID(), UUID.randomUUID(), "m", Side.LEFT, snapshot(THERE))
            .seen(Side.RIGHT, snapshot(HERE));
    pairs.insert(pair, new AuditEntry("started", "", Map.of()));
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static RecordState snapshot(RecordRef ref) {
    return RecordState.of(
        "m", new Snapshot(ref, ref.id(), "", Version.count(1), THEN, "", Map.of()));
  }

  private void received(String id, String text, Instant at) {
    notes.insertNew(HERE, List.of(new WorkNote(id, "ana", at, text, Visibility.INTERNAL)), false);
  }

  @Test
  void knowsANoteHeardOfAtThatMoment() {
    assertThat(files.knowsNotes(HERE, List.of(new NoteFingerprint("", THEN, "ok")))).isFalse();
    received("n1", "ok", THEN.plusMillis(700));
    assertThat(files.knowsNotes(HERE, List.of(new NoteFingerprint("", THEN, "ok")))).isTrue();
    assertThat(files.knowsNotes(HERE, List.of(new NoteFingerprint("", THEN, "other")))).isFalse();
  }

  @Test
  void sameWordsAtAnotherTimeAreAnotherNote() {
    received("n1", "ok", THEN);
    assertThat(files.knowsNotes(HERE, List.of(new NoteFingerprint("", THEN.plusSeconds(9), "ok"))))
        .isFalse();
  }

  @Test
  void sameWordsTwiceInAMomentAreTwoNotes() {
    received("n1", "ok", THEN);
    List<NoteFingerprint> twice =
        List.of(
            new NoteFingerprint("", THEN, "ok"),
            new NoteFingerprint("", THEN.plusSeconds(1), "ok"));
    assertThat(files.knowsNotes(HERE, twice)).isFalse();
    received("n2", "ok", THEN.plusSeconds(1));
    assertThat(files.knowsNotes(HERE, twice)).isTrue();
  }

  /** A connection kept open by each question would soon leave none for the inbox. */
  @Test
  void leavesNoConnectionOpen() {
    received("n1", "ok", THEN);
    files.knowsNotes(HERE, List.of(new NoteFingerprint("", THEN, "ok")));
    assertThat(DATABASE.getHikariPoolMXBean().getActiveConnections()).isZero();
  }

  @Test
  void knowsWhatLockstepWroteThereItself() {
    String mark = "0123456789abcdef";
    String text = NoteFormat.formatOwn("hello", mark, 4000);
    List<NoteFingerprint> trace = List.of(new NoteFingerprint("", THEN, text));
    assertThat(files.knowsNotes(HERE, trace)).isFalse();
    WorkNote note = new WorkNote("j1", "Lockstep", THEN, "hello", Visibility.INTERNAL);
    notes.insertOwn(THERE, note, StoredNote.State.OPEN);
    deliveries.enqueue(
        THERE, "j1", new DeliveryStore.Message(HERE, Visibility.INTERNAL, text, mark));
    assertThat(files.knowsNotes(HERE, trace)).isTrue();
  }
}
