package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Malformed, automatic and hostile tickets. */
class DuplicateBadInputTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";

  private static DuplicateEngine at;

  @BeforeAll
  static void start() {
    at = DuplicateEngine.automatic();
  }

  @AfterAll
  static void stop() {
    at.close();
  }

  @BeforeEach
  void reset() {
    at.reset();
  }

  @AfterEach
  void noDeadLettersRemain() {
    assertThat(at.engine.bean(DeadLetters.class).list()).isEmpty();
  }

  private static RecordRef ticket(Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(Map.of("scope", "no", "status", "1", "title", ""));
    all.putAll(fields);
    return at.systems.person("itsm", all);
  }

  @Test
  void emptyTitlesAreNeverSimilar() {
    ticket(Map.of());
    at.settle();
    ticket(Map.of());
    at.settle();
    assertThat(at.list(State.LINKED)).isEmpty();
  }

  @Test
  void twoWordsAreNotEnoughToConsolidate() {
    ticket(Map.of("title", "It hangs"));
    at.settle();
    ticket(Map.of("title", "It hangs"));
    at.settle();
    assertThat(at.list(State.LINKED)).isEmpty();
  }

  @Test
  void tenIdenticalAutomaticTicketsBecomeOneGroup() {
    List<RecordRef> tickets = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tickets.add(
          ticket(
              Map.of(
                  "title", "CRITICAL: disk usage on records-db-01 above threshold",
                  "service", "Patient Records",
                  "description", "Value 9" + i + "% at 2026-11-24T03:0" + i + ":00Z")));
    }
    at.settle();
    assertThat(at.list(State.LINKED)).hasSize(9);
  }

  @Test
  void hugeDescriptionsWithNulAreComparedByTheirBeginning() {
    String log = "java.lang.IllegalStateException\0 at records.Reader.read\n".repeat(2000);
    RecordRef first =
        ticket(Map.of("title", DOWN, "service", "Patient Records", "description", log));
    at.settle();
    RecordRef second =
        ticket(Map.of("title", DOWN, "service", "Patient Records", "description", log));
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
  }

  @Test
  void markupDoesNotMakeTicketsSimilar() {
    String page = "<html><body><div class=\"mail\"><p>%s</p></div></body></html>";
    ticket(Map.of("title", "Mail", "description", page.formatted("Printer has no paper")));
    at.settle();
    ticket(Map.of("title", "Mail", "description", page.formatted("Badge reader at gate two")));
    at.settle();
    assertThat(at.list(State.LINKED)).isEmpty();
  }

  @Test
  void otherScriptsAreComparedToo() {
    RecordRef first = ticket(Map.of("title", "患者記録が開けません 全病棟 今朝から", "service", "Patient Records"));
    at.settle();
    RecordRef second = ticket(Map.of("title", "患者記録が開けません 全病棟 今朝から", "service", "Patient Records"));
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
  }

  /**
   * A ticket that imitates a confidential one to obtain its texts receives nothing until an
   * operator accepts it, and then the public texts only.
   */
  @Test
  void anImitatedTicketReceivesPublicTextsOnly() {
    RecordRef confidential =
        ticket(
            Map.of(
                "scope", "yes",
                "title", "Patient records are down for every ward since this morning breach",
                "service", "Patient Records",
                "description", "Dr Quentin's account was used to export oncology"));
    at.settle();
    at.systems.personNotes(confidential, "Quentin suspended, police informed", Visibility.INTERNAL);
    RecordRef bait =
        ticket(
            Map.of(
                "title", "Patient records are down for every ward since this morning breach",
                "service", "Patient Records"));
    at.settle();
    // Its text names another person, so that it is not linked automatically.
    assertThat(at.systems.primaryOf(bait)).isEmpty();
    at.systems.personNotes(confidential, "Only for its caller", Visibility.PUBLIC);
    at.settle();
    assertThat(at.systems.noteTexts(bait)).isEmpty();
    at.duplicates().accept(bait.id().toUpperCase(Locale.ROOT), null, "ann");
    at.settle();
    assertThat(at.systems.primaryOf(bait)).isEqualTo(confidential.id());
    at.systems.personNotes(confidential, "Forensics: oncology rows copied", Visibility.INTERNAL);
    at.systems.personNotes(confidential, "We are working on it", Visibility.PUBLIC);
    at.settle();
    String all = at.systems.noteTexts(bait) + at.systems.values(bait).toString();
    assertThat(all)
        .contains("We are working on it")
        .doesNotContain("Quentin", "oncology", "police", "Forensics");
  }
}
