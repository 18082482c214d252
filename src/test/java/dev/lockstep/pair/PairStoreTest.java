package dev.lockstep.pair;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A ticket is released from its pair with an incident that was merged into another one. */
class PairStoreTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final UUID CORRELATION = UUID.randomUUID();
  private static final RecordRef TICKET = new RecordRef("itsm", "incident", "1");
  private static final RecordRef INCIDENT = new RecordRef("platform", "incident", "P1");
  private static final AuditEntry RELEASED = new AuditEntry("released", "", Map.of());

  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final RecordStore records = new RecordStore(jdbc, json);
  private final PairStore pairs =
      new PairStore(
          jdbc, json, records, new AuditStore(jdbc, json, Clock.systemUTC()), Clock.systemUTC());

  @BeforeEach
  void empty() {
    jdbc.sql("truncate audit, pair, record").update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static RecordState state(RecordRef ref) {
    return RecordState.of(
        "m", new Snapshot(ref, ref.id(), "", Version.count(1), Instant.EPOCH, "", Map.of()));
  }

  private Pair insertPair() {
    return pairs.insert(
        Pair.start(UUID.randomUUID(), CORRELATION, "m", Side.LEFT, state(TICKET))
            .seen(Side.RIGHT, state(INCIDENT)),
        new AuditEntry("started", "", Map.of()));
  }

  @Test
  void aReleasedTicketIsInNoCorrelationAndTheEndedPairInOneOfItsOwn() {
    Pair pair = insertPair();

    pairs.release(pair, RELEASED);

    Pair ended = pairs.find(pair.id()).orElseThrow();
    assertThat(ended.state()).isEqualTo(Pair.State.ENDED);
    assertThat(ended.records()).containsExactly(INCIDENT);
    assertThat(ended.correlation()).isNotEqualTo(CORRELATION);
    assertThat(records.correlationOf(INCIDENT)).hasValue(ended.correlation());
    assertThat(records.correlationOf(TICKET)).isEmpty();
  }

  @Test
  void anIncidentThatIsInAnotherPairStaysInItsCorrelation() {
    Pair pair = insertPair();
    RecordState incident = records.findState(INCIDENT).orElseThrow();
    pairs.insert(
        Pair.start(UUID.randomUUID(), CORRELATION, "other", Side.LEFT, incident)
            .sharing(incident, true),
        new AuditEntry("started", "", Map.of()));

    pairs.release(pair, RELEASED);

    assertThat(pairs.find(pair.id()).orElseThrow().correlation()).isEqualTo(CORRELATION);
    assertThat(records.correlationOf(INCIDENT)).hasValue(CORRELATION);
    assertThat(records.correlationOf(TICKET)).isEmpty();
  }
}
