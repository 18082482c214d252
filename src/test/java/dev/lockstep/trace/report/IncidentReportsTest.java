package dev.lockstep.trace.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.mapping.IncidentRule;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.Mappings;
import dev.lockstep.mapping.field.Condition;
import dev.lockstep.poll.SystemClocks;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.testkit.SettableClock;
import dev.lockstep.testkit.TableMapping;
import dev.lockstep.testkit.TestDatabase;
import dev.lockstep.trace.report.FollowUpReports.ClosedIncident;
import dev.lockstep.trace.report.FollowUpReports.Outages;
import dev.lockstep.trace.report.FollowUpReports.RecurringService;
import dev.lockstep.trace.report.IncidentReports.Group;
import dev.lockstep.trace.report.IncidentReports.GroupBy;
import dev.lockstep.trace.report.IncidentReports.Times;
import dev.lockstep.trace.report.IncidentReports.Updates;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Figures over incidents, in a real database. */
final class IncidentReportsTest {
  private static final Instant T0 = Instant.parse("2026-11-24T03:00:00Z");
  private static final Period NOVEMBER =
      new Period(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-12-01T00:00:00Z"));

  private static HikariDataSource database;

  private final JdbcClient jdbc = JdbcClient.create(database);
  private final SettableClock clock = new SettableClock();
  private final IncidentReportQueries reports =
      new IncidentReportQueries(
          jdbc, new SystemClocks(jdbc, List::of, clock), new OneWithoutMitigation(), clock);
  private final FollowUpReports followUps = new FollowUpReportQueries(jdbc);

  @BeforeAll
  static void open() {
    database = TestDatabase.migrated();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void empty() {
    jdbc.sql(
            "truncate record, incident, note, ticket, duplicate, action_item, postmortem,"
                + " clock_difference, incident_update, cadence cascade")
        .update();
  }

  /** The mapping {@code plain} does not say when an incident is mitigated. */
  private static final class OneWithoutMitigation implements MappingCatalog {
    private final Mapping plain =
        new TableMapping(List.of(), Set.of())
            .about(
                new IncidentRule(
                    Side.LEFT,
                    "priority",
                    Map.of(),
                    new Condition.Never(),
                    new Condition.Never(),
                    new Condition.Never(),
                    new Condition.Never(),
                    "",
                    "",
                    "",
                    ""));

    @Override
    public List<Mapping> all() {
      return List.of(plain);
    }

    @Override
    public List<Mappings.MappedSide> forRecord(String system, String kind) {
      return List.of();
    }

    @Override
    public Optional<Mapping> findByName(String name) {
      return Optional.empty();
    }
  }

  private static @Nullable Timestamp time(@Nullable Instant at) {
    return at == null ? null : Timestamp.from(at);
  }

  private static Instant at(int minutes) {
    return T0.plus(Duration.ofMinutes(minutes));
  }

  /** An incident in two systems, {@code itsm/incident/N} and {@code platform/incident/N}. */
  private void incident(
      int number,
      String service,
      String stage,
      @Nullable Instant opened,
      @Nullable Instant acknowledged,
      @Nullable Instant mitigated,
      @Nullable Instant resolved) {
    jdbc.sql(
            """
            insert into record (ref, correlation, state, revision)
            select s || '/incident/' || :n, md5(:n::text)::uuid, jsonb_build_object('key', upper(s) || :n,
              'values', jsonb_build_object('incident', jsonb_build_object('title', 'Down ' || :n))), 1
            from unnest(array['itsm', 'platform']) s
            """)
        .param("n", number)
        .update();
    jdbc.sql(
            "insert into incident values (?, 'incident', ?, false, ?, ?, ?, 'ann', ?, ?, ?, ?, ?,"
                + " ?, ?)")
        .param("itsm/incident/" + number)
        .param(number % 2 == 0 ? "P2" : "P1")
        .param(stage)
        .param(service)
        .param("Team of " + service)
        .param(time(opened))
        .param(time(T0))
        .param(time(acknowledged))
        .param(time(mitigated))
        .param(time(resolved))
        .param(time(at(500)))
        .param(number == 3 ? 2 : 0)
        .update();
  }

  private void note(
      String record, Instant at, String author, String visibility, String state, boolean own) {
    jdbc.sql(
            """
            insert into note (record, id, author, created_at, text, visibility, state, own)
            values (?, gen_random_uuid()::text, ?, ?, 'text', ?, ?, ?)
            """)
        .params(record, author, time(at), visibility, state, own)
        .update();
  }

  private void duplicate(int number, int primary, String state) {
    for (int ticket : new int[] {number, primary}) {
      jdbc.sql(
              """
              insert into ticket (record, mapping, side, title, description, service, category,
                opened_at, starts, seen_record, revision)
              values ('platform/incident/' || :n, 'incident', 'RIGHT', 'Down ' || :n, '', 'Portal', '',
                :at, true, 'itsm/incident/' || :n, nextval('ticket_revision_seq'))
              on conflict do nothing
              """)
          .param("n", ticket)
          .param("at", time(T0))
          .update();
    }
    jdbc.sql(
            """
            insert into duplicate (revision, duplicate, primary_ticket, state, score, reasons,
              decided_by, resolution, restore, created_at, changed_at)
            values (1, 'platform/incident/' || ?, 'platform/incident/' || ?, ?, 0.9, '[]', '', 'OPEN',
              '{}', now(), now())
            """)
        .params(number, primary, state)
        .update();
  }

  private void item(String incident, @Nullable String change, String stage) {
    jdbc.sql(
            """
            insert into action_item (revision, source, source_id, incident, source_item, title,
              description, owner, service, work_group, change_type, counterpart, change, stage,
              problems, notified, reported_at, created_at, changed_at)
            values (1, 'test', gen_random_uuid()::text, ?, '{}', 't', '', '', '', '', '', ?, '{}', ?, '[]',
              '', now(), now(), now())
            """)
        .param(incident)
        .param(change)
        .param(stage)
        .update();
  }

  private Group total() {
    return reports.report(NOVEMBER, GroupBy.SERVICE).total();
  }

  @Test
  void countsWhatIsKnownAndSaysHowManyHaveNoTime() {
    incident(1, "Portal", "RESOLVED", T0, at(2), at(5), at(10));
    incident(3, "portal", "RESOLVED", T0, at(4), at(15), at(30));
    // First seen resolved; opened at an unknown time; still open; an opening that was corrected.
    incident(5, "Portal", "RESOLVED", T0, null, null, null);
    incident(7, "Mail", "RESOLVED", null, at(4), at(5), at(6));
    incident(9, "Mail", "OPEN", T0, null, null, null);
    incident(2, "Mail", "ACKNOWLEDGED", T0, at(-3), null, null);

    Group total = total();
    assertThat(total.incidents()).isEqualTo(6);
    assertThat(total.open()).isEqualTo(2);
    assertThat(total.reopened()).isEqualTo(1);
    assertThat(total.acknowledge()).isEqualTo(new Times(2, 3, 1, 180.0, 180.0, 228.0));
    assertThat(total.mitigate()).isEqualTo(new Times(2, 2, 2, 600.0, 600.0, 840.0));
    assertThat(total.resolve()).isEqualTo(new Times(2, 2, 2, 1200.0, 1200.0, 1680.0));
    assertThat(total.update()).isEqualTo(new Times(0, 1, 5, null, null, null));
    assertThat(reports.report(NOVEMBER, GroupBy.SERVICE).groups())
        .extracting(Group::name, Group::incidents, group -> group.resolve().median())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Mail", 3L, null),
            org.assertj.core.groups.Tuple.tuple("Portal", 3L, 1200.0));
  }

  @ParameterizedTest
  @CsvSource({
    "LEVEL, 'P1,P2'",
    "TEAM, 'Team of Mail,Team of Portal'",
    "MONTH, '2026-10,2026-11'",
    "SERVICE, 'Mail,Portal'"
  })
  void groups(GroupBy by, String names) {
    incident(1, "Portal", "OPEN", Instant.parse("2026-10-31T23:59:59Z"), null, null, null);
    incident(2, "Mail", "OPEN", Instant.parse("2026-11-01T00:00:00Z"), null, null, null);
    Period all = new Period(Instant.parse("2026-01-01T00:00:00Z"), NOVEMBER.until());

    assertThat(reports.report(all, by).groups())
        .extracting(Group::name)
        .containsExactly(names.split(","));
    assertThat(reports.report(NOVEMBER, by).total().incidents()).isEqualTo(1);
  }

  @Test
  void anEmptyPeriodHasATotalOfNothing() {
    assertThat(total())
        .isEqualTo(
            new Group(
                "",
                0,
                0,
                0,
                new Times(0, 0, 0, null, null, null),
                new Times(0, 0, 0, null, null, null),
                new Times(0, 0, 0, null, null, null),
                new Times(0, 0, 0, null, null, null),
                new Updates(0, 0, 0, 0)));
  }

  private void update(int incident, int number, @Nullable Instant due, boolean late) {
    jdbc.sql(
            """
            insert into incident_update (request_key, record, audience, number, sent_at, sent_by,
              subject, text, due_at, late, facts, targets)
            values (gen_random_uuid()::text, ?, 'all', ?, ?, 'ann', 's', 't', ?, ?, '{}', '[]')
            """)
        .params("itsm/incident/" + incident, number, time(at(number)), time(due), late)
        .update();
  }

  private void due(int incident, String audience, Instant at) {
    jdbc.sql("insert into cadence values (?, ?, 'P1', 'OPEN', ?, false, 0, null, '', '', null)")
        .params("itsm/incident/" + incident, audience, time(at))
        .update();
  }

  @Test
  void countsUpdatesOnTimeLateAndOverdue() {
    incident(1, "Portal", "OPEN", T0, null, null, null);
    incident(2, "Mail", "OPEN", T0, null, null, null);
    update(1, 1, at(15), false);
    update(1, 2, at(30), true);
    update(1, 3, null, false);
    due(1, "all", clock.instant().minusSeconds(1));
    due(1, "executives", clock.instant());
    update(2, 1, at(15), false);
    update(4, 1, at(15), true);

    assertThat(total().updates()).isEqualTo(new Updates(4, 3, 1, 1));
    assertThat(reports.report(NOVEMBER, GroupBy.SERVICE).groups())
        .extracting(Group::name, Group::updates)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Mail", new Updates(1, 1, 0, 0)),
            org.assertj.core.groups.Tuple.tuple("Portal", new Updates(3, 2, 1, 1)));
  }

  @Test
  void theFirstUpdateIsTheFirstNoteThatLockstepDidNotWrite() {
    incident(1, "Portal", "OPEN", T0, null, null, null);
    note("itsm/incident/1", at(-1), "ann", "PUBLIC", "SETTLED", false);
    note("itsm/incident/1", at(1), "Lockstep", "PUBLIC", "SETTLED", true);
    note("itsm/incident/1", at(2), "lockstep", "PUBLIC", "ECHO", false);
    note("itsm/incident/1", at(3), "", "INTERNAL", "SETTLED", false);
    assertThat(total().update().pending()).isEqualTo(1);
    note("platform/incident/1", at(7), "bob", "INTERNAL", "OPEN", false);
    assertThat(total().update().median()).isEqualTo(420.0);
    note("itsm/incident/1", at(5), "", "PUBLIC", "SETTLED", false);
    assertThat(total().update().median()).isEqualTo(300.0);

    // The platform's clock is ten minutes ahead: its note was written before the other one.
    jdbc.sql("insert into clock_difference values ('platform', ?, 600000)")
        .param(time(at(-60)))
        .update();
    note("platform/incident/1", at(12), "bob", "INTERNAL", "OPEN", false);
    assertThat(total().update().median()).isEqualTo(120.0);
  }

  @Test
  void correctsATimeIfTheClockWasSetMeanwhile() {
    incident(1, "Portal", "RESOLVED", T0, at(10), at(30), at(70));
    jdbc.sql("insert into clock_difference values ('itsm', ?, 0), ('itsm', ?, 600000)")
        .params(time(at(-60)), time(at(20)))
        .update();
    assertThat(total().acknowledge().median()).isEqualTo(600.0);
    assertThat(total().resolve().median()).isEqualTo(3600.0);
  }

  @Test
  void aMappingThatDoesNotKnowMitigationHasNoTimesOfIt() {
    incident(1, "Portal", "RESOLVED", T0, at(2), at(10), at(10));
    jdbc.sql("update incident set mapping = 'test'").update();
    assertThat(total().mitigate()).isEqualTo(new Times(0, 1, 0, null, null, null));
  }

  @Test
  void leavesOutDuplicatesByAnyOfTheirRecords() {
    incident(1, "Portal", "OPEN", T0, null, null, null);
    incident(2, "Portal", "OPEN", T0, null, null, null);
    incident(3, "Portal", "OPEN", T0, null, null, null);
    duplicate(2, 1, "LINKED");
    duplicate(3, 1, "SPLIT");
    assertThat(total().incidents()).isEqualTo(2);
  }

  @Test
  void findsIncidentsThatWereClosedWithoutAChangeRequest() {
    incident(1, "Portal", "RESOLVED", T0, null, null, at(10));
    incident(2, "Portal", "RESOLVED", T0, null, null, null);
    incident(3, "Portal", "RESOLVED", T0, null, null, at(20));
    incident(4, "Portal", "RESOLVED", T0, null, null, at(30));
    incident(5, "Portal", "OPEN", T0, null, null, null);
    item("platform/incident/1", "itsm/change-request/1", "IN_CHANGE");
    item("itsm/incident/3", null, "NEEDS_OWNER");
    item("itsm/incident/3", null, "DONE");
    jdbc.sql(
            """
            insert into postmortem (name, title, url, names, incident, body, received_at, changed_at)
            values ('portal.md', '', '', '', 'platform/incident/3', '', now(), now())
            """)
        .update();
    // The item of a duplicate is one of its primary.
    incident(6, "Portal", "RESOLVED", T0, null, null, at(31));
    duplicate(6, 4, "LINKED");
    item("itsm/incident/6", "itsm/change-request/6", "DEPLOYED");

    List<ClosedIncident> found = followUps.closedWithoutChange(NOVEMBER, "", null, 10);

    assertThat(found)
        .containsExactly(
            new ClosedIncident(
                "itsm/incident/2", "ITSM2", "Down 2", "P2", "Portal", at(500), "", 0, 0),
            new ClosedIncident(
                "itsm/incident/3", "ITSM3", "Down 3", "P1", "Portal", at(20), "portal.md", 2, 1));
    assertThat(followUps.closedWithoutChange(NOVEMBER, "", null, 1)).containsExactly(found.get(0));
    assertThat(followUps.closedWithoutChange(NOVEMBER, "", found.get(0), 1))
        .containsExactly(found.get(1));
    assertThat(followUps.closedWithoutChange(NOVEMBER, "P1", null, 10))
        .containsExactly(found.get(1));
    assertThat(followUps.closedWithoutChange(new Period(T0, at(15)), "", null, 10)).isEmpty();
  }

  @Test
  void findsServicesWhereIncidentsRecur() {
    for (int day : new int[] {0, 1, 2, 10, 20}) {
      incident(100 + day, "Portal", "RESOLVED", T0.minus(Duration.ofDays(day)), null, null, null);
    }
    incident(1, "portal", "RESOLVED", T0.minus(Duration.ofDays(11)), null, null, null);
    incident(2, "Mail", "RESOLVED", T0, null, null, null);
    incident(3, "Mail", "RESOLVED", T0.minus(Duration.ofDays(8)), null, null, null);
    incident(4, "", "RESOLVED", T0, null, null, null);
    incident(6, "", "RESOLVED", T0, null, null, null);

    assertThat(followUps.recurringServices(NOVEMBER, 2, Duration.ofDays(7), 10))
        .containsExactly(new RecurringService("Portal", 6, 3, T0.minus(Duration.ofDays(2)), T0));
    assertThat(followUps.recurringServices(NOVEMBER, 4, Duration.ofDays(7), 10)).isEmpty();
    assertThat(followUps.recurringServices(NOVEMBER, 2, Duration.ofDays(8), 10)).hasSize(2);
  }

  @Test
  void countsTheDuplicatesOfEachOutage() {
    for (int number = 1; number <= 5; number++) {
      incident(number, "Portal", "OPEN", T0, null, null, null);
    }
    assertThat(followUps.outages(NOVEMBER, 10)).isEqualTo(new Outages(0, 0, null, List.of()));
    duplicate(2, 1, "LINKED");
    duplicate(3, 1, "LINKING");
    duplicate(5, 4, "LINKED");
    duplicate(5, 1, "REJECTED");

    Outages outages = followUps.outages(NOVEMBER, 1);

    assertThat(outages.outages()).isEqualTo(2);
    assertThat(outages.duplicates()).isEqualTo(3);
    assertThat(outages.mean()).isEqualTo(1.5);
    assertThat(outages.largest())
        .containsExactly(new FollowUpReports.Outage("ITSM1", "Down 1", "Portal", T0, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 2026-10-25T03:00:00Z, 2026-11-24T03:00:00Z",
    "7d, '', 2026-11-17T03:00:00Z, 2026-11-24T03:00:00Z",
    "2w, 24h, 2026-11-10T03:00:00Z, 2026-11-23T03:00:00Z",
    "2026-11-01, 2026-11-02, 2026-11-01T00:00:00Z, 2026-11-03T00:00:00Z",
    "2026-11-01T08:00:00Z, 2026-11-02T08:00:00Z, 2026-11-01T08:00:00Z, 2026-11-02T08:00:00Z"
  })
  void readsAPeriod(String since, String until, Instant from, Instant to) {
    assertThat(Period.parse(since, until, clock)).isEqualTo(new Period(from, to));
  }

  @ParameterizedTest
  @CsvSource({
    "yesterday, '', since: 'yesterday' is not a time; write 2026-11-01",
    "2026-13-01, '', since: '2026-13-01' is not a time",
    "'', 2026-11-31, until: '2026-11-31' is not a time",
    "0d, '', since: '0d' is not a time",
    "2026-12-01, '', since: 2026-12-01T00:00:00Z is not before until",
    "-999999999-01-01, '', since: -999999999-01-01 is not between 1970 and 9999",
    "99999w, '', since: 99999w is not between 1970 and 9999",
    "or 1=1, '', since: 'or 1=1' is not a time"
  })
  void refusesWhatIsNoPeriod(String since, String until, String problem) {
    assertThatThrownBy(() -> Period.parse(since, until, clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  /** Many incidents, of which a short period is asked for. */
  @Test
  void readsOnlyThePeriod() {
    jdbc.sql(
            """
            insert into incident select 'itsm/incident/' || n, 'incident', 'P1', false, 'RESOLVED',
              'Service ' || n % 50, '', '', now() - n * interval '10 min', now(), null, null,
              now() - n * interval '10 min', now() - n * interval '10 min', 0
            from generate_series(1, 20000) n
            """)
        .update();
    jdbc.sql("analyze incident").update();
    Instant now = Instant.now();
    Period day = new Period(now.minus(Duration.ofDays(1)), now);
    Map<String, Object> parameters = new java.util.HashMap<>(reports.parameters(day));
    for (GroupBy by : GroupBy.values()) {
      assertThat(plan(IncidentReportQueries.statement(by), parameters))
          .contains("incident_opened")
          .doesNotContain("Seq Scan on incident ");
    }
    parameters.put("limit", 100);
    parameters.put("level", "");
    parameters.put("at", parameters.get("until"));
    parameters.put("after", "");
    assertThat(plan(FollowUpReportQueries.CLOSED, parameters))
        .contains("incident_resolved")
        .doesNotContain("Seq Scan on incident ");
  }

  private String plan(String statement, Map<String, Object> parameters) {
    return String.join(
        "\n", jdbc.sql("explain " + statement).params(parameters).query(String.class).list());
  }
}
