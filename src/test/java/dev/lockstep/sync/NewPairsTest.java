package dev.lockstep.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class NewPairsTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final RecordRef TICKET = new RecordRef("itsm", "incident", "1");

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final RecordStore records = new RecordStore(jdbc, json);
  private final PairStore pairs =
      new PairStore(
          jdbc, json, records, new AuditStore(jdbc, json, Clock.systemUTC()), Clock.systemUTC());
  private final NoteStore notes = new NoteStore(jdbc, json);
  private final List<Subject> scheduled = new ArrayList<>();
  private final NewPairs newPairs =
      new NewPairs(
          pairs,
          records,
          notes,
          new Scheduled(),
          new TransactionTemplate(new JdbcTransactionManager(DATABASE)));

  @BeforeEach
  void empty() {
    jdbc.sql("truncate note, note_delivery, audit, pair, record").update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static RecordState ticket() {
    return RecordState.of(
        "first", new Snapshot(TICKET, "INC1", "", Version.count(1), Instant.EPOCH, "", Map.of()));
  }

  private static Pair pair(UUID correlation, String mapping) {
    return Pair.start(UUID.randomUUID(), correlation, mapping, Side.LEFT, ticket());
  }

  private static InboxEntry entry() {
    return new InboxEntry(new Subject.OfRecord(TICKET), false, Map.of(), Instant.EPOCH);
  }

  private void store(Pair... started) {
    newPairs.store(List.of(started), ticket(), entry());
  }

  private Pass pass(UUID correlation) {
    return new Pass(entry(), pairs.load(correlation), null, (pass, gone) -> {});
  }

  private void receiveNote() {
    notes.insertNew(
        TICKET,
        List.of(new WorkNote("n1", "ana", Instant.EPOCH, "Rebooted", Visibility.INTERNAL)),
        false);
  }

  @Test
  void storesThePairsOfARecordAndSchedulesTheirCorrelation() {
    UUID correlation = UUID.randomUUID();

    store(pair(correlation, "first"), pair(correlation, "second"));

    Correlation loaded = pairs.load(correlation);
    assertThat(loaded.pairs()).extracting(Pair::mapping).containsExactly("first", "second");
    assertThat(loaded.records()).containsExactly(TICKET);
    assertThat(scheduled).containsExactly(new Subject.OfCorrelation(correlation));
  }

  @Test
  void aRecordThatIsInAPairOfThatMappingByNowIsRetried() {
    UUID correlation = UUID.randomUUID();
    store(pair(correlation, "first"));
    scheduled.clear();

    assertThatThrownBy(() -> store(pair(UUID.randomUUID(), "first")))
        .isInstanceOf(RetryLaterException.class)
        .hasMessageContaining(TICKET + " was paired by another process");
    assertThat(pairs.findAll(TICKET)).hasSize(1);
    assertThat(scheduled).isEmpty();
  }

  @Test
  void cancelsAPairWithTheNotesOfItsRecord() {
    UUID correlation = UUID.randomUUID();
    Pair cancelled = pair(correlation, "first");
    store(cancelled);
    receiveNote();
    Pass pass = pass(correlation);

    newPairs.cancel(pass, pass.pair(cancelled.id()));

    assertThat(pass.correlation().pairs()).isEmpty();
    assertThat(pairs.find(cancelled.id())).isEmpty();
    assertThat(notes.ids(TICKET)).isEmpty();
  }

  @Test
  void keepsTheNotesOfARecordThatIsInAnotherPair() {
    UUID correlation = UUID.randomUUID();
    Pair cancelled = pair(correlation, "first");
    store(cancelled, pair(correlation, "second"));
    receiveNote();
    Pass pass = pass(correlation);

    newPairs.cancel(pass, pass.pair(cancelled.id()));

    assertThat(pass.correlation().pairs()).extracting(Pair::mapping).containsExactly("second");
    assertThat(notes.ids(TICKET)).containsExactly("n1");
  }

  private final class Scheduled implements WorkScheduler {
    @Override
    public void schedule(Subject subject, Map<RecordRef, Hint> hints, Instant receivedAt) {
      scheduled.add(subject);
    }

    @Override
    public void schedule(RecordRef record, Map<RecordRef, Hint> hints, Instant receivedAt) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void scheduleAt(RecordRef record, Instant at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void scheduleAfterDecision(RecordRef record, Instant at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isPending(Subject subject) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean absorb(Subject former, Subject into, Instant at) {
      throw new UnsupportedOperationException();
    }
  }
}
