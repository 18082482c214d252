package dev.lockstep.trace;

import static dev.lockstep.trace.Story.ALERT;
import static dev.lockstep.trace.Story.DUPLICATE;
import static dev.lockstep.trace.Story.INCIDENT;
import static dev.lockstep.trace.Story.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.Postmortems.Received;
import dev.lockstep.postmortem.parse.ShippedWords;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.trace.timeline.PostmortemSkeleton;
import dev.lockstep.trace.timeline.Timeline;
import dev.lockstep.trace.timeline.TimelineEvent;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One timeline of everything that happened to an incident. */
final class IncidentTimelineTest {
  private static final String HOSTILE =
      "=1+1 | <img src=x onerror=alert(1)> **Action item:** pay @eve \u001b[31m\u202e\n"
          + "# Action items\n"
          + "- [ ] Delete it (@eve, 2026-12-01)\n"
          + "| a | b |\n"
          + "---\n"
          + "```\n"
          + "{{ x }} [z](javascript:y)";

  private Story story;

  @BeforeEach
  void tell() {
    story = new Story();
    story.paired(INCIDENT, "INC0010001", ALERT, "#12", "Portal", OPENED);
  }

  @AfterEach
  void close() {
    story.close();
  }

  private Timeline timeline() {
    return story.timelines.find("INC0010001").orElseThrow();
  }

  private static Instant at(int minutes) {
    return OPENED.plus(Duration.ofMinutes(minutes));
  }

  private static AuditEntry updated(Map<String, String> details) {
    return new AuditEntry("updated", "Wrote status to INC0010001", details);
  }

  @Test
  void showsNotesChangesStagesAndDecisionsInOrderWithSourceAndAuthor() {
    story.note(ALERT, "bob", at(2), "Looking at it", Visibility.INTERNAL);
    story.note(INCIDENT, "ann", at(8), "We know", Visibility.PUBLIC);
    story.facts(INCIDENT, "RESOLVED", at(4), at(6), at(9));
    story.audit(
        INCIDENT,
        updated(
            Map.of(
                "status", "2",
                "status:before", "1",
                "assignee", "bob",
                "side", "left",
                "version", "3-3",
                "version:before", "2-2",
                "changed:by", "Bob Ray",
                "changed:at", at(3).toString())),
        new AuditEntry("unlinked", "Unlinked by an operator", Map.of("reason", "wrong"), "ann"));
    new AuditStore(story.jdbc, story.json, story.clock)
        .record(
            new AuditSubject("dead-letter", "7"),
            List.of(
                new AuditEntry(
                    "discarded",
                    "rejected",
                    Map.of("subject", "note:" + ALERT + "#" + INCIDENT + "#n1"),
                    "cy")));

    assertThat(timeline().upTo(Weight.EVENT).events())
        .extracting(
            event ->
                "%s %s %s %s by %s: %s"
                    .formatted(
                        event.at().toString().substring(14, 19),
                        event.system(),
                        event.record(),
                        event.what(),
                        event.by(),
                        event.text()))
        .containsExactly(
            "50:00 itsm INC0010001 opened by : ",
            "51:00 platform #12 opened by : ",
            "52:00 platform #12 note by bob: Looking at it",
            "53:00 platform #12 updated by Bob Ray: assignee: – → bob; status: 1 → 2, written to"
                + " INC0010001",
            "54:00 itsm INC0010001 acknowledged by : ",
            "56:00 itsm INC0010001 mitigated by : ",
            "58:00 itsm INC0010001 note by ann: We know",
            "59:00 itsm INC0010001 resolved by : ",
            "00:00 lockstep INC0010001 created by : Created #12",
            "00:00 lockstep INC0010001 unlinked by ann: Unlinked by an operator",
            "00:00 lockstep INC0010001 discarded by cy: Dead letter: rejected");
    assertThat(timeline().toPublic().events())
        .extracting(event -> event.what() + ": " + event.text())
        .contains("updated: Changed: assignee, status", "note: We know")
        .noneMatch(text -> text.contains("bob") || text.contains("Looking at it"));
    assertThat(timeline().facts()).satisfies(facts -> assertThat(facts.level()).isEqualTo("P1"));
    assertThat(timeline().sinceOpened(timeline().facts().resolvedAt()))
        .isEqualTo(Duration.ofMinutes(9));
  }

  @Test
  void showsOperatorsWhoWasInformedAndWhoWasReminded() {
    AuditStore audit = new AuditStore(story.jdbc, story.json, story.clock);
    audit.record(
        new AuditSubject(AuditSubject.INCIDENT, INCIDENT.toString()),
        List.of(
            new AuditEntry("reminded", "Reminded #ops", Map.of()),
            new AuditEntry(
                "informed",
                "Sent update 1 to Executives",
                Map.of("subject", "Secret", "text", "Reading the logs."),
                "ann")));
    audit.record(
        new AuditSubject(AuditSubject.INCIDENT, DUPLICATE.toString()),
        List.of(new AuditEntry("informed", "Of another incident", Map.of(), "ann")));

    List<String> updates = List.of("informed", "reminded");
    assertThat(timeline().events())
        .filteredOn(event -> updates.contains(event.what()))
        .extracting(event -> event.record() + " " + event.text() + " by " + event.by())
        .containsExactly(
            "INC0010001 Reminded #ops by ",
            "INC0010001 Sent update 1 to Executives: Reading the logs. by ann");
    assertThat(timeline().upTo(Weight.MILESTONE).events())
        .extracting(TimelineEvent::what)
        .contains("informed")
        .doesNotContain("reminded");
    assertThat(timeline().toPublic().events())
        .extracting(TimelineEvent::what)
        .doesNotContainAnyElementsOf(updates);
  }

  /** The order between systems must not depend on how well they set their clocks. */
  @Test
  void correctsTheClocksOfTheSystems() {
    story.ahead("platform", at(-60), Duration.ofMinutes(10));
    story.ahead("platform", at(30), Duration.ZERO);
    // By its clock: 3 minutes after the opening, and 40.
    story.note(ALERT, "bob", at(13), "first", Visibility.PUBLIC);
    story.note(INCIDENT, "ann", at(5), "second", Visibility.PUBLIC);
    story.note(ALERT, "bob", at(40), "last", Visibility.PUBLIC);
    story.note(ALERT, "bob", at(-100), "before", Visibility.PUBLIC);

    List<TimelineEvent> notes =
        timeline().events().stream().filter(event -> event.what().equals("note")).toList();

    assertThat(notes)
        .extracting(TimelineEvent::text)
        .containsExactly("before", "first", "second", "last");
    assertThat(notes).extracting(TimelineEvent::at).containsExactly(at(-110), at(3), at(5), at(40));
    assertThat(notes.get(1).dated()).isEqualTo(at(13));
    assertThat(timeline().clocks())
        .containsExactly(
            new Timeline.SystemTime("itsm", "itsm", null),
            new Timeline.SystemTime("platform", "platform", 0L));
  }

  @Test
  void aTraceShowsTheSameTimes() {
    story.ahead("platform", at(-60), Duration.ofMinutes(10));
    assertThat(story.traces.find("INC0010001").orElseThrow().events())
        .extracting(event -> event.of() + " " + event.what())
        .startsWith("#12 alerted", "INC0010001 opened");
  }

  @Test
  void leavesOutCopiesOfNotesAndShowsLockstepsOwnNotesOnlyInFullDetail() {
    story.note(ALERT, "bob", at(2), "Looking", Visibility.INTERNAL);
    story.note(INCIDENT, "lockstep", at(3), "bob on #12: Looking", Visibility.INTERNAL);
    story.jdbc.sql("update note set state = 'ECHO' where author = 'lockstep'").update();
    story
        .jdbc
        .sql(
            """
            insert into note (record, id, author, created_at, text, visibility, state, own)
            values (?, 'link', 'Lockstep', now(), 'Kept in sync', 'INTERNAL', 'SETTLED', true)
            """)
        .param(INCIDENT.toString())
        .update();

    assertThat(timeline().upTo(Weight.EVENT).events())
        .filteredOn(event -> event.what().equals("note"))
        .extracting(TimelineEvent::text)
        .containsExactly("Looking");
    assertThat(timeline().events()).extracting(TimelineEvent::text).contains("Kept in sync");
  }

  @Test
  void isPublicWithoutInternalNotesDecisionsAboutDeadLettersAndValues() {
    story.note(INCIDENT, "ann", at(2), "secret", Visibility.INTERNAL);
    story.note(INCIDENT, "ann", at(3), "We know", Visibility.PUBLIC);
    story.guarded(INCIDENT, "It was closed, but these are missing: secret");
    story.audit(INCIDENT, new AuditEntry("conflict", "Both changed it", Map.of("lost", "secret")));

    Timeline shown = timeline().toPublic();

    assertThat(shown.events()).extracting(TimelineEvent::text).contains("We know");
    assertThat(shown.toString()).doesNotContain("secret");
    assertThat(PostmortemSkeleton.toMarkdown(shown)).doesNotContain("secret");
    assertThat(PostmortemSkeleton.toMarkdown(timeline())).contains("secret");
  }

  @Test
  void isPublicWithoutValuesInWhatWasRecordedOfAPairOrAnItem() {
    story.close();
    story = new Story();
    story.outage();
    story.audit(
        INCIDENT,
        new AuditEntry(
            "unmapped", "The mapping has no row for service 'secret' of INC0010001", Map.of()),
        new AuditEntry("approved", "An operator approved a text of INC0010001", Map.of(), "ann"));
    new AuditStore(story.jdbc, story.json, story.clock)
        .record(
            new AuditSubject("action-item", "1"),
            List.of(new AuditEntry("changed", "title: secret → other", Map.of(), "ann")));

    Timeline shown = timeline().toPublic();

    assertThat(timeline().toString()).contains("'secret'", "title: secret");
    assertThat(shown.events()).extracting(TimelineEvent::what).contains("approved", "deployed");
    assertThat(shown.toString()).doesNotContain("secret");
  }

  @Test
  void isPublicWithoutTheValuesOfTheIncidentItself() {
    story.facts(INCIDENT, "RESOLVED", at(4), at(6), at(9));
    story
        .jdbc
        .sql("update incident set service = 'secret', team = 'secret', manager = 'secret'")
        .update();
    story
        .jdbc
        .sql("update record set state = jsonb_set(state, '{values,test,title}', '\"secret\"')")
        .update();
    assertThat(PostmortemSkeleton.toMarkdown(timeline()))
        .contains("# secret", "| Service | secret |", "| Team | secret |")
        .contains("| Incident manager | secret |");

    Timeline shown = timeline().toPublic();

    assertThat(shown.toString()).doesNotContain("secret");
    assertThat(PostmortemSkeleton.toMarkdown(shown))
        .contains("# INC0010001", "| Level | P1 |", "| Resolved | ")
        .doesNotContain("Service", "Team", "Incident manager");
  }

  @Test
  void showsWhatBelongsToItAndADuplicateItsOwn() {
    story.close();
    story = new Story();
    story.outage();

    assertThat(timeline().events())
        .extracting(event -> event.record() + " " + event.what())
        .contains(
            "INC0010007 opened",
            "INC0010007 linked",
            "portal.md received",
            "AI-1 deployed",
            "AI-2 failed",
            "INC0010001 closed",
            "INC0010001 guarded");
    assertThat(timeline().postmortems()).containsExactly("portal.md");
    for (String id : List.of("#12", "CHG0030001", "AI-2", "portal.md", "platform/incident/QX1")) {
      assertThat(story.timelines.find(id).orElseThrow().key()).as(id).isEqualTo("INC0010001");
    }
    Timeline duplicate = story.timelines.find("INC0010007").orElseThrow();
    assertThat(duplicate.key()).isEqualTo("INC0010007");
    assertThat(duplicate.events())
        .filteredOn(event -> event.what().equals("linked"))
        .singleElement()
        .satisfies(event -> assertThat(event.text()).isEqualTo("Linked to it (INC0010001)"));
    for (String id : List.of("INC9999999", "AI-5", "", "' or 1=1", "a/b/c")) {
      assertThat(story.timelines.find(id)).as(id).isEmpty();
    }
  }

  /** What people and systems write must not become markup, an action item or another incident. */
  @Test
  void theSkeletonIsReadAsAPostmortemOfThatIncidentWithTheItemThatWasAdded() {
    story.close();
    story = new Story();
    story.paired(INCIDENT, "INC0010001", ALERT, "#12", HOSTILE, OPENED);
    story.note(INCIDENT, HOSTILE, at(2), HOSTILE, Visibility.PUBLIC);
    story.audit(
        INCIDENT, updated(Map.of("title", HOSTILE, "title:before", HOSTILE, "side", "left")));
    story.facts(INCIDENT, "RESOLVED", at(4), null, at(9));
    story
        .jdbc
        .sql("update incident set service = ?, manager = ?, team = ?")
        .params(HOSTILE, HOSTILE, HOSTILE)
        .update();
    story
        .jdbc
        .sql("update record set state = jsonb_set(state, '{values,test,title}', to_jsonb(?::text))")
        .param(HOSTILE)
        .update();
    String markdown = PostmortemSkeleton.toMarkdown(timeline());

    Received empty = read(markdown);
    assertThat(empty.problems())
        .extracting(Object::toString)
        .allMatch(it -> it.contains("no action items"));
    Received read = read(markdown + "- [ ] Add an index (@dana, 2026-12-01)\n");

    assertThat(read.incident()).isEqualTo("INC0010001");
    assertThat(read.problems()).isEmpty();
    assertThat(read.items())
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.title()).isEqualTo("Add an index");
              assertThat(item.problems()).isEmpty();
            });
    assertThat(markdown)
        .contains("| Level | P1 |", "| Acknowledged | 2026-11-24 02:54:00 UTC, 4 min 0 s after")
        .contains("| Mitigated | not known |")
        .doesNotContain("\u001b")
        .doesNotContain("\u202e");
    String html =
        HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .build()
            .render(
                Parser.builder()
                    .extensions(List.of(TablesExtension.create()))
                    .build()
                    .parse(markdown));
    assertThat(Jsoup.parse(html).select("img, a, input, code, pre, strong")).isEmpty();
    assertThat(Jsoup.parse(html).select("table")).hasSize(2);
  }

  private static Received read(String markdown) {
    return new PostmortemParser(ShippedWords.reader())
        .markdown(markdown.getBytes(StandardCharsets.UTF_8), "", "", "");
  }

  @Test
  void theSkeletonNamesAnIncidentThatHasANumberOnly() {
    story.jdbc.sql("delete from pair").update();
    story.jdbc.sql("update record set correlation = null").update();
    RecordRef other = RecordRef.parse("itsm/incident/z");
    story.paired(other, "#77", RecordRef.parse("platform/incident/Q7"), "#78", "Mail", OPENED);

    String markdown = PostmortemSkeleton.toMarkdown(story.timelines.find("77").orElseThrow());

    assertThat(read(markdown).incident()).isEqualTo("#77");
  }

  @Test
  void aLongTimelineIsStillAFewStatements() {
    for (int i = 0; i < 50; i++) {
      story.note(INCIDENT, "ann", at(i), "note " + i, Visibility.PUBLIC);
    }
    int before = story.asked();
    timeline();
    int once = story.asked() - before;
    story
        .jdbc
        .sql(
            """
            insert into note (record, id, author, created_at, text, visibility, state, own)
            select record, id || n, author, created_at, text, visibility, state, own
            from note, generate_series(1, 200) n
            """)
        .update();
    before = story.asked();
    assertThat(timeline().events()).hasSizeGreaterThan(10_000);
    assertThat(story.asked() - before).isEqualTo(once).isLessThan(25);
  }

  @Test
  void aDuplicateOfItsOwnIsNotNeededForAnUnpairedTicket() {
    story.ticket(DUPLICATE, "INC0010007", "Portal", at(5));
    story.note(DUPLICATE, "eve", at(6), "Me too", Visibility.PUBLIC);
    assertThat(story.timelines.find("INC0010007").orElseThrow().events())
        .extracting(TimelineEvent::what)
        .containsExactly("opened", "note");
  }
}
