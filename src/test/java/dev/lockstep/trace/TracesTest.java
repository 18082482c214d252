package dev.lockstep.trace;

import static dev.lockstep.trace.Story.OPENED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.trace.Traces.Event;
import dev.lockstep.trace.Traces.Item;
import dev.lockstep.trace.Traces.Trace;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TracesTest {
  private Story story;

  @BeforeAll
  void tell() {
    story = new Story();
    story.outage();
  }

  @AfterAll
  void stop() {
    story.close();
  }

  @ParameterizedTest
  @CsvSource({
    "INC0010001, incident, INC0010001",
    "inc0010001, incident, INC0010001",
    "'#12', incident, INC0010001",
    "12, incident, INC0010001",
    "QX1, incident, INC0010001",
    "itsm/incident/a1, incident, INC0010001",
    "platform/incident/QX1, incident, INC0010001",
    "INC0010007, duplicate, INC0010007",
    "itsm/incident/b7, duplicate, INC0010007",
    "CHG0030001, change-request, CHG0030001",
    "chg0030002, change-request, CHG0030002",
    "itsm/change-request/c2, change-request, CHG0030002",
    "OPS-7, issue, OPS-7",
    "issues/issue/10007, issue, OPS-7",
    "AI-3, action-item, AI-3",
    "ai-4, action-item, AI-4",
    "lockstep/action-item/1, action-item, AI-1",
    "portal.md, postmortem, portal.md"
  })
  void findsTheChainByAnyOfItsIds(String id, String kind, String key) {
    Trace trace = story.traces.find(id).orElseThrow();
    assertThat(trace.asked().kind()).isEqualTo(kind);
    assertThat(trace.asked().key()).isEqualTo(key);
    assertThat(trace.incident()).isNotNull();
    assertThat(trace.incident().key()).isEqualTo("INC0010001");
    assertThat(trace.items()).extracting(Item::key).containsExactly("AI-1", "AI-2", "AI-3", "AI-4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INC9999999", "AI-99", "AI-x", "a/b/c", "#13", "", "' or 1=1", "//", "%"})
  void findsNothingByWhatIsUnknown(String id) {
    assertThat(story.traces.find(id)).isEmpty();
  }

  @Test
  void tellsEveryLinkOfTheChain() {
    Trace trace = story.traces.find("INC0010001").orElseThrow();
    assertThat(trace.incident().title()).isEqualTo("Portal is down");
    assertThat(trace.incident().openedAt()).isEqualTo(OPENED);
    assertThat(trace.incident().values()).containsEntry("status", "6");
    assertThat(trace.incident().records())
        .extracting(Traces.Member::key)
        .containsExactly("INC0010001", "#12");
    assertThat(trace.alert().key()).isEqualTo("#12");
    assertThat(trace.alert().openedAt()).isEqualTo(OPENED.plusSeconds(60));
    assertThat(trace.postmortems())
        .extracting(Traces.Postmortem::name)
        .containsExactly("portal.md");
    assertThat(trace.asked().duplicateOf()).isEmpty();
    assertThat(trace.duplicates())
        .singleElement()
        .satisfies(
            twin -> {
              assertThat(twin.key()).isEqualTo("INC0010007");
              assertThat(twin.state()).isEqualTo("LINKED");
              assertThat(twin.decidedBy()).isEqualTo("ann");
              assertThat(twin.since()).isEqualTo("2026-11-24T03:01:00Z");
            });
  }

  @Test
  void saysWhichDuplicateWasAskedFor() {
    Trace trace = story.traces.find("INC0010007").orElseThrow();
    assertThat(trace.asked().duplicateOf()).isEqualTo("INC0010001");
  }

  @Test
  void tellsADeployedChangeFromAFailedOneAndFromNone() {
    Trace trace = story.traces.find("AI-1").orElseThrow();
    assertThat(trace.items()).extracting(Item::deployed).containsExactly(true, false, null, null);
    Item deployed = trace.items().get(0);
    assertThat(deployed.line()).isEqualTo(11);
    assertThat(deployed.change().key()).isEqualTo("CHG0030001");
    assertThat(deployed.change().url()).isEqualTo("http://CHG0030001");
    assertThat(deployed.change().by()).isEqualTo("ann");
    assertThat(deployed.change().createdAt()).isEqualTo("2026-11-24T03:03:00Z");
    assertThat(deployed.change().endedAt()).isEqualTo("2026-11-24T03:04:00Z");
    assertThat(trace.items().get(1).change().closeCode()).isEqualTo("unsuccessful");
    assertThat(trace.items().get(1).postmortem()).isEqualTo("portal.md");
    assertThat(trace.items().get(2).change()).isNull();
    assertThat(trace.items().get(3).overdue()).isTrue();
    assertThat(trace.summary())
        .isEqualTo("1 of 4 deployed, 1 failed, 1 change pending, 1 needs owner");
  }

  @Test
  void showsAFailedChangeBesideItsSuccessor() {
    try (Story own = new Story()) {
      own.outage();
      own.succeeded();
      for (String id : List.of("CHG0030002", "CHG0030003", "itsm/change-request/c2")) {
        assertThat(own.traces.find(id).orElseThrow().asked().kind()).isEqualTo("change-request");
      }
      Trace trace = own.traces.find("lockstep/action-item/2-2").orElseThrow();
      Item item = trace.items().get(1);
      assertThat(trace.asked().key()).isEqualTo("AI-2");
      assertThat(item.stage()).isEqualTo("in-change");
      assertThat(item.change().key()).isEqualTo("CHG0030003");
      assertThat(item.change().moves()).extracting(Traces.HistoryEvent::by).containsExactly("bob");
      assertThat(item.change().deployed()).isNull();
      assertThat(item.earlierChanges())
          .singleElement()
          .satisfies(
              earlier -> {
                assertThat(earlier.key()).isEqualTo("CHG0030002");
                assertThat(earlier.deployed()).isFalse();
                assertThat(earlier.moves()).hasSize(2);
                assertThat(earlier.endedAt()).isEqualTo("2026-11-24T03:04:00Z");
              });
      ActionReports.Report report = own.reports.report(new ActionReports.Filter("", "", true));
      assertThat(report.lines())
          .filteredOn(line -> line.key().equals("AI-2"))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.change()).isEqualTo("CHG0030003");
                assertThat(line.earlierChanges()).containsExactly("CHG0030002");
              });
      assertThat(Csv.toCsv(report)).contains(",CHG0030003,CHG0030002\r\n");
    }
  }

  /** Only today's title and status are known; they must not pass for those of the opening. */
  @Test
  void saysOfAnOpeningNothingThatMayHaveChangedSince() {
    Trace trace = story.traces.find("INC0010001").orElseThrow();
    assertThat(trace.events())
        .filteredOn(event -> List.of("opened", "alerted").contains(event.what()))
        .extracting(Event::text)
        .containsOnly("in itsm", "in platform", "");
    assertThat(trace.incident().records())
        .extracting(record -> record.status() + " in " + record.system())
        .containsExactly("6 in itsm", "6 in platform");
  }

  @Test
  void tellsWhatHappenedInOrderAndWhoDidIt() {
    Trace trace = story.traces.find("INC0010001").orElseThrow();
    assertThat(trace.events()).extracting(Event::at).isSorted();
    assertThat(trace.events())
        .filteredOn(event -> !event.what().equals("closed"))
        .extracting(event -> event.of() + " " + event.what() + " " + event.by())
        .startsWith("INC0010001 opened ", "#12 alerted ", "INC0010007 opened ")
        .contains(
            "INC0010001 created ",
            "INC0010007 linked ann",
            "portal.md received ",
            "AI-1 added ",
            "AI-2 change bob",
            "AI-1 deployed ann",
            "AI-2 failed bob",
            "INC0010001 guarded ")
        .doesNotContain("AI-1 in-change ");
    assertThat(trace.events())
        .filteredOn(event -> event.of().equals("AI-1"))
        .extracting(Event::text)
        .endsWith("CHG0030001 is in new", "deployed: CHG0030001 was closed successful");
  }

  @Test
  void showsAnItemWithoutIncident() {
    for (String id : new String[] {"AI-5", "OPS-9"}) {
      Trace trace = story.traces.find(id).orElseThrow();
      assertThat(trace.incident()).isNull();
      assertThat(trace.alert()).isNull();
      assertThat(trace.items()).extracting(Item::title).containsExactly("Nobody's incident");
      assertThat(trace.events()).isNotEmpty();
    }
  }

  @Test
  void guardsCellsASpreadsheetWouldTakeForFormulas() {
    assertThat(Csv.cell("=1+1")).isEqualTo("'=1+1");
    assertThat(Csv.cell("+1")).isEqualTo("'+1");
    assertThat(Csv.cell("-1")).isEqualTo("'-1");
    assertThat(Csv.cell("@SUM(A1)")).isEqualTo("'@SUM(A1)");
    assertThat(Csv.cell(" \t=1")).isEqualTo("' \t=1");
    for (String hidden :
        List.of(
            "＝1",
            "﹢1",
            "－1",
            "﹣1",
            "＠a",
            "−1",
            "\u00a0=1",
            "\u200b=1",
            "\ufeff=1",
            "\u2060\u3000=1")) {
      assertThat(Csv.cell(hidden)).as(hidden).isEqualTo("'" + hidden);
    }
    assertThat(Csv.cell("AI-1")).isEqualTo("AI-1");
    assertThat(Csv.cell(null)).isEmpty();
    String csv = Csv.toCsv(story.traces.find("AI-1").orElseThrow());
    assertThat(csv.lines().findFirst()).contains("time,of,what,text,by");
    assertThat(csv).contains("AI-1,deployed,deployed: CHG0030001 was closed successful,ann");
  }
}
