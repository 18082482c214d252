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
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A pair is found by any of its names, by an index. */
class JdbcPairQueriesTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final RecordStore records = new RecordStore(jdbc, json);
  private final PairStore pairs =
      new PairStore(
          jdbc, json, records, new AuditStore(jdbc, json, Clock.systemUTC()), Clock.systemUTC());
  private final JdbcPairQueries views =
      new JdbcPairQueries(jdbc, json, records, pairs, new NoteStore(jdbc, json));

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static RecordState snapshot(String system, String id, String key) {
    var ref = new RecordRef(system, "incident", id);
    return RecordState.of(
        "m", new Snapshot(ref, key, "", Version.count(1), Instant.EPOCH, "", Map.of()));
  }

  @Test
  void isFoundByItsIdAndByBothRecordsNames() {
    UUID id = UUID.randomUUID();
    pairs.insert(
        Pair.start(id, UUID.randomUUID(), "m", Side.LEFT, snapshot("itsm", "1", "INC1"))
            .seen(Side.RIGHT, snapshot("platform", "P1", "#42")),
        new AuditEntry("started", "", Map.of()));

    for (String name :
        List.of(
            id.toString(),
            "itsm/incident/1",
            "platform/incident/P1",
            "INC1",
            "#42",
            "itsm:INC1",
            "platform:#42")) {
      assertThat(views.find(name))
          .as(name)
          .map(found -> found.summary().id())
          .contains(id.toString());
    }
    assertThat(views.find("platform:INC1")).isEmpty();
    assertThat(views.find("INC2")).isEmpty();
    assertThat(views.find("1-1-1-1-1")).isEmpty();
  }

  @Test
  void needsNoScanOfAllPairs() {
    List<String> plan =
        Objects.requireNonNull(
            new TransactionTemplate(new JdbcTransactionManager(DATABASE))
                .execute(
                    status -> {
                      // Few rows are read faster by a scan; what needs one gets it even so.
                      jdbc.sql("set local enable_seqscan = off").update();
                      return jdbc.sql("explain " + JdbcPairQueries.FIND)
                          .param("uuid", null, Types.OTHER)
                          .param("name", "INC1")
                          .query(String.class)
                          .list();
                    }));

    assertThat(plan).isNotEmpty().noneMatch(line -> line.contains("Seq Scan"));
  }
}
