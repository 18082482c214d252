package dev.lockstep.trace;

import static dev.lockstep.trace.Story.ALERT;
import static dev.lockstep.trace.Story.DUPLICATE;
import static dev.lockstep.trace.Story.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.management.ThreadMXBean;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.record.RecordRef;
import dev.lockstep.trace.ActionReports.Filter;
import dev.lockstep.trace.ActionReports.Finding;
import dev.lockstep.trace.ActionReports.Group;
import dev.lockstep.trace.ActionReports.Line;
import dev.lockstep.trace.ActionReports.RecurringItem;
import dev.lockstep.trace.ActionReports.Report;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ActionReportsTest {
  private static final Filter ALL = new Filter("", "", false);
  private static final LocalDate LATE = LocalDate.parse("2026-11-20");
  private static final LocalDate TODAY = LocalDate.parse("2026-11-24");

  private Story story;

  @BeforeEach
  void open() {
    story = new Story();
  }

  @AfterEach
  void close() {
    story.close();
  }

  private ActionItem item(String title, String owner, @Nullable LocalDate due, String service) {
    return story.planned(
        story.item(null, INCIDENT, Story.said(0, title, null)), owner, due, service);
  }

  @Test
  void saysWhatIsWrongWithWhichItem() {
    ActionItem fine = item("Fine", "ann@example.com", TODAY, "Portal");
    story.change(fine, "c1", "CHG1", "assess", "", "");
    ActionItem late = item("Late", "ann@example.com", LATE, "Portal");
    story.change(late, "c2", "CHG2", "assess", "", "");
    item("=Nobody's", "", null, "Labs");
    ActionItem failed = item("Failed", "bob@example.com", TODAY, "Labs");
    story.change(failed, "c3", "CHG3", "closed", "unsuccessful", "bob");
    ActionItem deployed = item("Deployed late", "ann@example.com", LATE, "Portal");
    story.change(deployed, "c4", "CHG4", "closed", "successful", "ann");

    Report report = story.reports.report(ALL);
    assertThat(report.lines())
        .extracting(Line::title, Line::wrong)
        .containsExactly(
            tuple("Late", List.of(Finding.OVERDUE)),
            tuple("Failed", List.of(Finding.REOPENED)),
            tuple("=Nobody's", List.of(Finding.NO_OWNER, Finding.NO_DUE_DATE, Finding.NO_CHANGE)));
    assertThat(report.lines().get(0).daysLate()).isEqualTo(4);
    assertThat(report.items()).isEqualTo(5);
    assertThat(report.total()).isEqualTo(new Group("", 5, 4, 1, 1, 1, 1, 1));
    assertThat(report.services())
        .containsExactly(
            new Group("Labs", 2, 2, 0, 1, 1, 1, 1), new Group("Portal", 3, 2, 1, 0, 0, 0, 0));
    assertThat(report.owners())
        .extracting(Group::name)
        .containsExactly("", "ann@example.com", "bob@example.com");
    assertThat(Csv.toCsv(report)).contains("\r\nAI-3,'=Nobody's,Labs,,,0,needs-owner,");
  }

  @Test
  void looksOnlyAtWhatIsAskedFor() {
    item("One", "ann@example.com", LATE, "Portal");
    item("Two", "bob@example.com", TODAY, "Portal");
    item("Three", "ann@example.com", TODAY, "Labs");
    assertThat(titles(new Filter("portal", "", false))).containsExactly("One", "Two");
    assertThat(titles(new Filter("", "ANN@example.com", false))).containsExactly("One", "Three");
    assertThat(titles(new Filter("", "", true))).containsExactly("One");
    assertThat(titles(new Filter("Labs", "bob@example.com", false))).isEmpty();
  }

  private List<String> titles(Filter filter) {
    return story.reports.report(filter).lines().stream().map(Line::title).toList();
  }

  /** The launcher gives 192 MB to everything, and descriptions may be long. */
  @Test
  void readsNoTextsOfIncidentsAndNoneOpenedBefore() {
    Instant now = story.clock.instant();
    item("Open", "ann@example.com", TODAY, "Portal");
    story.paired(INCIDENT, "INC0010001", ALERT, "#12", "Portal", now.plusSeconds(60));
    // The same with a long text, a hundred times; opened before; and before it, unreadable.
    copyPair("INC-long", now.plusSeconds(90), 100, repeated('x', 200_000));
    copyPair("INC-old", now.minusSeconds(90), 100, repeated('y', 10));
    story
        .jdbc
        .sql(
            """
            with odd as (
              insert into record (ref, state, revision)
              values ('itsm/incident/odd', '7', 1), ('p/incident/odd', '7', 1))
            insert into pair select gen_random_uuid(), correlation, mapping, 'itsm/incident/odd',
              'p/incident/odd', state, creating, linked, revision, base, gaps, gap_count, notes_since,
              created_at - interval '1 day', changed_at from pair limit 1
            """)
        .update();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Report report = story.reports.report(ALL);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10 * 1024 * 1024);
    assertThat(report.recurrence()).hasSize(1);
    assertThat(report.recurrence().get(0).incidents())
        .hasSize(100)
        .allMatch(key -> key.startsWith("INC-long"));
  }

  private static String repeated(char letter, int times) {
    return String.valueOf(letter).repeat(times);
  }

  private void copyPair(String key, Instant openedAt, int times, String description) {
    story
        .jdbc
        .sql(
            """
            with copied as (
              insert into record (ref, correlation, state, revision) select ref || :key || n, correlation,
                jsonb_set(state || jsonb_build_object('key', :key || n, 'openedAt', :at::text),
                  '{values,test,description}', to_jsonb(:text::text)), revision
              from record, generate_series(1, :times) n
              where correlation = (select correlation from record where ref = :incident))
            insert into pair select gen_random_uuid(), correlation, mapping, left_ref || :key || n,
              right_ref || :key || n, state, creating, linked, revision, base, gaps, gap_count, notes_since,
              created_at, changed_at
            from pair, generate_series(1, :times) n where left_ref = :incident
            """)
        .param("key", key)
        .param("at", openedAt.toString())
        .param("text", description)
        .param("times", times)
        .param("incident", INCIDENT.toString())
        .update();
  }

  @Test
  void countsIncidentsThatCameAgainWhileAnItemWasOpen() {
    Instant now = story.clock.instant();
    story.paired(INCIDENT, "INC0010001", ALERT, "#12", "Portal", now.minusSeconds(600));
    story.ticket(INCIDENT, "INC0010001", "Portal", now.minusSeconds(600));
    ActionItem open = item("Open", "ann@example.com", TODAY, "Portal");
    ActionItem done = item("Done soon", "ann@example.com", TODAY, "Portal");
    item("Elsewhere", "ann@example.com", TODAY, "Labs");
    // Its own incident again, as a duplicate; and one before anything was to be done.
    story.ticket(DUPLICATE, "INC0010007", "Portal", now.plusSeconds(60));
    story.linked(DUPLICATE, INCIDENT);
    story.ticket(ref("old"), "INC0010000", "Portal", now.minusSeconds(900));
    story.paired(
        ref("c3"),
        "INC0010003",
        RecordRef.parse("platform/incident/Q3"),
        "#13",
        "portal",
        now.plusSeconds(90));
    story.later(Duration.ofMinutes(5));
    story.change(done, "c1", "CHG1", "closed", "successful", "ann");
    story.ticket(ref("c4"), "INC0010004", "Portal", now.plusSeconds(900));
    story.ticket(ref("c5"), "INC0010005", "Portal", now.plusSeconds(901));
    story.linked(ref("c5"), ref("c4"));

    Report report = story.reports.report(ALL);
    assertThat(report.recurrence())
        .singleElement()
        .satisfies(
            again -> {
              assertThat(again.service()).isEqualTo("Portal");
              assertThat(again.incidents()).containsExactly("INC0010003", "INC0010004");
              assertThat(again.items())
                  .containsExactly(
                      new RecurringItem(open.key(), "Open", "ready", 2),
                      new RecurringItem(done.key(), "Done soon", "deployed", 1));
            });
    assertThat(report.lines().get(0).incident()).isEqualTo("INC0010001");
  }

  private static RecordRef ref(String id) {
    return new RecordRef("itsm", "incident", id);
  }

  @Test
  void asksAsOftenForTwoThousandItemsAsForOne() {
    item("First", "ann@example.com", LATE, "Portal");
    story.paired(INCIDENT, "INC0010001", ALERT, "#12", "Portal", story.clock.instant());
    int before = story.asked();
    story.reports.report(ALL);
    int once = story.asked() - before;
    story
        .jdbc
        .sql(
            """
            insert into action_item (revision, source, source_id, incident, source_item, title,
              description, owner, due, service, work_group, change_type, change, stage, problems,
              notified, reported_at, created_at, changed_at)
            select 1, 'many', n::text, incident, source_item, title || n, '', owner, due, service, '', '',
              change, 'READY', '[]', '', reported_at, created_at, changed_at
            from action_item, generate_series(1, 2000) n
            """)
        .update();
    before = story.asked();
    assertThat(story.reports.report(ALL).lines()).hasSize(2001);
    assertThat(story.asked() - before).isEqualTo(once).isLessThan(12);
  }
}
