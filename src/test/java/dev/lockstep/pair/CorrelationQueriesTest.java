package dev.lockstep.pair;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.pair.CorrelationQueries.Filter;
import dev.lockstep.pair.CorrelationQueries.Line;
import dev.lockstep.pair.CorrelationQueries.Page;
import dev.lockstep.pair.CorrelationQueries.Position;
import dev.lockstep.pair.CorrelationQueries.Status;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Version;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TestDatabase;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class CorrelationQueriesTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private final JdbcClient jdbc = JdbcClient.create(DATABASE);
  private final ObjectMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T00:00:00Z"));
  private final RecordStore records = new RecordStore(jdbc, json);
  private final PairStore pairs =
      new PairStore(jdbc, json, records, new AuditStore(jdbc, json, clock), clock);
  private final PairCounts counts = new PairCounts(jdbc);
  private final CorrelationQueries queries =
      new CorrelationQueries(jdbc, json, records, new NoteStore(jdbc, json));

  @AfterEach
  void empty() {
    jdbc.sql("truncate record, pair, audit, inbox_entry").update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private static RecordState record(String system, String id, String key, String... values) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      fields.put(values[i], values[i + 1]);
    }
    return RecordState.of(
        "m",
        new Snapshot(
            new RecordRef(system, "incident", id),
            key,
            "",
            Version.count(1),
            Instant.EPOCH,
            "",
            fields));
  }

  private Pair linked(RecordState left, RecordState right) {
    clock.advance(Duration.ofSeconds(1));
    return pairs.insert(
        Pair.start(UUID.randomUUID(), UUID.randomUUID(), "m", Side.LEFT, left)
            .seen(Side.RIGHT, right)
            .withState(Pair.State.LINKED),
        new AuditEntry("started", "", Map.of()));
  }

  private Pair ticket() {
    return linked(
        record(
            "itsm",
            "9d385017c611228701d22104cc95c371",
            "INC0010001",
            "title",
            "Portal: log-in fails with 'timeout'",
            "service",
            "Patient Records",
            "assignee",
            "ann.lee@example.org",
            "status",
            "2",
            "description",
            "Since midnight"),
        record("platform", "PT4KHLK", "#42", "title", "Portal down", "status", "triggered"));
  }

  @ParameterizedTest
  @CsvSource({
    "INC0010001",
    "inc0010001",
    "INC00100",
    "#42",
    "42",
    "PT4KHLK",
    "9d385017c611228701d22104cc95c371",
    "platform/incident/PT4KHLK",
    "portal log",
    "Log-In",
    "TIMEOUT",
    "patient",
    "ann",
    "lee@example.org",
    "triggered"
  })
  void findsByWhatAnOperatorKnows(String text) {
    Pair wanted = ticket();
    linked(record("itsm", "2", "INC0020002", "title", "Printer"), record("platform", "P2", "#7"));

    assertThat(keys(search(new Filter(text, "", "", "", null))))
        .as(text)
        .containsExactly("INC0010001");
    assertThat(queries.find(wanted.correlation())).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"midnight", "portal printer", "''' | 1:*", "%", "' ; drop table record; --", "\\"})
  void findsNothingForOtherWordsAndForSyntax(String text) {
    ticket();

    assertThat(search(new Filter(text, "", "", "", null)).lines()).as(text).isEmpty();
  }

  @Test
  void findsByIdOfPairAndCorrelation() {
    Pair wanted = ticket();

    for (UUID id : List.of(wanted.id(), wanted.correlation())) {
      assertThat(queries.findByName(id.toString())).containsExactly(wanted.correlation());
      assertThat(keys(search(new Filter(id.toString(), "", "", "", null)))).hasSize(1);
    }
  }

  /** Two instances of a system number their records alike. */
  @Test
  void findsByKeyWithinOneSystem() {
    Pair wanted = ticket();
    String key = wanted.seen(Side.LEFT).key();
    String system = wanted.seen(Side.LEFT).ref().system();

    assertThat(queries.findByName(key)).containsExactly(wanted.correlation());
    assertThat(queries.findByName(system + ":" + key)).containsExactly(wanted.correlation());
    assertThat(queries.findByName("vendor:" + key)).isEmpty();
  }

  @Test
  void filtersEachFieldByItsOwnWords() {
    ticket();

    assertThat(keys(search(new Filter("portal", "patient", "ann", "2", Status.IN_SYNC))))
        .containsExactly("INC0010001");
    assertThat(keys(search(new Filter("", "ann", "", "", null)))).isEmpty();
    assertThat(keys(search(new Filter("", "", "patient", "", null)))).isEmpty();
    assertThat(keys(search(new Filter("", "", "", "portal", null)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Status.class)
  void filtersByTheStatusThatItShows(Status wanted) {
    Pair gap = linked(record("itsm", "1", "GAP"), record("platform", "1", "#1"));
    pairs.save(gap.withGaps(Map.of("status", "no mapped value for it")), List.of());
    Pair broken = linked(record("itsm", "2", "BROKEN"), record("platform", "2", "#2"));
    pairs.save(broken.withState(Pair.State.BROKEN), List.of());
    Pair ended = linked(record("itsm", "3", "ENDED"), record("platform", "3", "#3"));
    pairs.save(ended.withState(Pair.State.ENDED), List.of());
    Pair linking = linked(record("itsm", "4", "LINKING"), record("platform", "4", "#4"));
    pairs.save(linking.withState(Pair.State.LINKING), List.of());
    entry(linked(record("itsm", "5", "BEHIND"), record("platform", "5", "#5")), "FAILED");
    entry(linked(record("itsm", "6", "DEAD_LETTER"), record("platform", "6", "#6")), "DEAD_LETTER");
    linked(record("itsm", "7", "IN_SYNC"), record("platform", "7", "#7"));

    Page found = search(new Filter("", "", "", "", wanted));

    assertThat(keys(found)).containsExactly(wanted.name());
    assertThat(found.lines()).extracting(Line::status).containsExactly(wanted);
  }

  private void entry(Pair pair, String state) {
    jdbc.sql(
            """
            insert into inbox_entry
              (subject, generation, state, attempts, outcome_unknown, hints, received_at, changed_at)
            values ('correlation:' || ?, 0, ?, 1, false, '{}', now(), now())
            """)
        .params(pair.correlation().toString(), state)
        .update();
  }

  @Test
  void pagesThroughAllCorrelationsEachOnceNewestFirst() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Pair first = linked(record("itsm", "" + i, "INC" + i), record("platform", "" + i, "#" + i));
      clock.advance(Duration.ofSeconds(1));
      pairs.insert(
          Pair.start(
                  UUID.randomUUID(),
                  first.correlation(),
                  "other",
                  Side.LEFT,
                  Objects.requireNonNull(first.rightState()))
              .withState(Pair.State.LINKED),
          new AuditEntry("started", "", Map.of()));
      expected.add(0, "INC" + i);
    }

    List<String> listed = new ArrayList<>();
    Position after = null;
    do {
      Page page = queries.search(Filter.ANY, after, 3);
      listed.addAll(keys(page));
      after = page.next();
    } while (after != null);

    assertThat(listed).isEqualTo(expected);
  }

  @Test
  void countsPairsByStateAndTheReasonsOfTheirGaps() {
    Pair gap = ticket();
    assertThat(counts.count(Instant.EPOCH).inSync()).isEqualTo(1);
    entry(gap, "FAILED");
    assertThat(counts.count(Instant.EPOCH).inSync()).isZero();
    pairs.save(
        gap.withGaps(Map.of("status", "no value for '9'")),
        List.of(new AuditEntry("conflict", "Both sides changed status", Map.of())));

    var found = counts.count(Instant.parse("2026-10-31T00:00:00Z"));

    assertThat(found.states()).containsExactly(Map.entry(Pair.State.LINKED, 1L));
    assertThat(found.gaps()).isEqualTo(1);
    assertThat(found.inSync()).isZero();
    assertThat(found.conflicts()).isEqualTo(1);
    assertThat(counts.count(Instant.parse("2026-11-02T00:00:00Z")).conflicts()).isZero();
    assertThat(counts.countGaps(10))
        .containsExactly(new PairCounts.Gap("m", "status", "no value for '9'", 1));
  }

  @Test
  void needsNoScanOfAllRecordsOrPairs() {
    for (Filter filter :
        List.of(
            Filter.ANY,
            new Filter("portal", "", "", "", null),
            new Filter("", "patient", "ann", "triggered", null),
            new Filter("", "", "", "", Status.DEAD_LETTER))) {
      List<String> plan = explain(filter);

      assertThat(plan).as(filter.toString()).isNotEmpty();
      assertThat(plan).noneMatch(line -> line.contains("Seq Scan on record"));
      assertThat(plan).noneMatch(line -> line.contains("Seq Scan on pair"));
    }
    assertThat(explain(CorrelationQueries.MATCHES.replace("?", ":text"), Map.of("text", "'a':*")))
        .anyMatch(line -> line.contains("Index Scan on record_search"));
    assertThat(
            explain(PairCounts.UNMAPPED, Map.of("since", Timestamp.from(Instant.EPOCH), "most", 1)))
        .anyMatch(line -> line.contains("audit_unmapped") || line.contains("audit_what"))
        .noneMatch(line -> line.contains("Seq Scan on audit"));
  }

  private List<String> explain(Filter filter) {
    Map<String, Object> parameters = new HashMap<>();
    String sql = queries.statement(filter, parameters);
    parameters.put("at", Timestamp.from(Instant.EPOCH));
    parameters.put("pair", UUID.randomUUID());
    parameters.put("limit", 51);
    return explain(sql, parameters);
  }

  private List<String> explain(String sql, Map<String, Object> parameters) {
    return Objects.requireNonNull(
        new TransactionTemplate(new JdbcTransactionManager(DATABASE))
            .execute(
                status -> {
                  // Few rows are read faster by a scan; what needs one gets it even so.
                  jdbc.sql("set local enable_seqscan = off").update();
                  return jdbc.sql("explain " + sql).params(parameters).query(String.class).list();
                }));
  }

  /** Measured by hand: each search of 100,000 correlations takes less than 200 ms. */
  @Test
  @Tag("quality")
  void searchesAHundredThousandCorrelationsInTime() {
    jdbc.sql(
            """
            insert into record (ref, correlation, state, revision)
            select side.system || '/incident/' || md5(side.system || n), md5('c' || n)::uuid,
              jsonb_build_object('ref', jsonb_build_object('system', side.system, 'kind', 'incident',
                'id', md5(side.system || n)), 'key', side.prefix || n, 'url', '',
                'version', jsonb_build_object('from', 1, 'to', 1), 'updatedAt', 0, 'correlationId', '',
                'values', jsonb_build_object('m', jsonb_build_object(
                  'title', (array['Portal','Printer','Mail','Database'])[1 + n % 4] || ' fails for site ' || n % 977,
                  'service', 'Service ' || n % 40, 'assignee', 'user' || n % 300 || '@example.org',
                  'status', case when n % 10 = 0 then 'triggered' else 'resolved' end,
                  'description', repeat('Users report that it does not answer. ', 20)))), 1
            from generate_series(1, 100000) n,
              (values ('itsm', 'INC'), ('platform', '#')) side(system, prefix)
            """)
        .update();
    jdbc.sql(
            """
            insert into pair (id, correlation, mapping, left_ref, right_ref, state, creating,
              linked, revision, base, gaps, gap_count, created_at, changed_at)
            select md5('p' || n)::uuid, md5('c' || n)::uuid, 'm',
              'itsm/incident/' || md5('itsm' || n), 'platform/incident/' || md5('platform' || n),
              'LINKED', true, true, 1, '{}', '{}', 0, timestamptz '2026-01-01' + n * interval '1 minute',
              timestamptz '2026-01-01' + n * interval '1 minute'
            from generate_series(1, 100000) n
            """)
        .update();
    for (String table : List.of("record", "pair")) {
      jdbc.sql("vacuum analyze " + table).update();
    }
    List<Filter> filters =
        List.of(
            Filter.ANY,
            new Filter("INC77777", "", "", "", null),
            new Filter("INC777", "", "", "", null),
            new Filter("portal", "", "", "", null),
            new Filter("fails", "", "", "", null),
            new Filter("fails site 976", "", "", "", null),
            new Filter("nothing", "", "", "", null),
            new Filter("", "service 12", "user17", "resolved", null),
            new Filter("", "", "", "triggered", null),
            new Filter("portal", "", "", "", Status.IN_SYNC),
            new Filter("", "", "", "", Status.GAP),
            new Filter("", "", "", "", Status.BEHIND));
    for (Filter filter : filters) {
      for (Position after : new Position[] {null, middle()}) {
        queries.search(filter, after, 50);
        long start = System.nanoTime();
        int found = queries.search(filter, after, 50).lines().size();
        long took = (System.nanoTime() - start) / 1_000_000;
        System.out.printf("%4d ms %3d of %s after %s%n", took, found, filter, after);
        assertThat(took).as(filter.toString()).isLessThan(200);
      }
    }
    long start = System.nanoTime();
    counts.count(Instant.EPOCH);
    System.out.printf("%4d ms count%n", (System.nanoTime() - start) / 1_000_000);
  }

  /** Measured by hand: one occurrence for each of 100,000 correlations, among a million entries. */
  @Test
  @Tag("quality")
  void countsAHundredThousandUnmappedValuesInTime() {
    jdbc.sql(
            """
            insert into audit (subject, at, what, text, details, actor)
            select 'pair:' || md5('p' || n)::uuid, now() - n * interval '1 minute',
              case when n % 10 = 0 then 'unmapped' else 'updated' end, repeat('x', 60),
              jsonb_build_object('mapping', 'incident', 'field', 'status', 'side', 'left',
                'value', 'v' || n / 10 % 50), ''
            from generate_series(1, 1000000) n
            """)
        .update();
    // The first one may run too early for the visibility map, by which the index alone suffices.
    for (int i = 0; i < 2; i++) {
      jdbc.sql("vacuum analyze audit").update();
    }
    Instant since = clock.instant();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      assertThat(counts.countUnmapped(since, 500)).hasSize(50);
      best = Math.min(best, (System.nanoTime() - start) / 1_000_000);
    }
    System.out.printf("%4d ms count of unmapped values%n", best);
    assertThat(best).isLessThan(200);
  }

  private static Position middle() {
    return new Position(Instant.parse("2026-02-04T00:00:00Z"), new UUID(0, 0));
  }

  private Page search(Filter filter) {
    return queries.search(filter, null, 50);
  }

  private static List<String> keys(Page page) {
    return page.lines().stream()
        .map(line -> Objects.requireNonNull(line.correlation().pairs().get(0).leftSeen()).key())
        .collect(Collectors.toList());
  }
}
