package dev.lockstep.communication;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.communication.Communications.Delivered;
import dev.lockstep.communication.Communications.Draft;
import dev.lockstep.communication.Communications.Outcome;
import dev.lockstep.communication.Communications.Reached;
import dev.lockstep.communication.Communications.Update;
import dev.lockstep.communication.RefusedUpdateException.Reason;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an incident manager drafts and sends reaches each target once, and what does not is seen.
 */
class CommunicationsTest {
  private static final String EXECUTIVES = "executives";
  private static final String CUSTOMERS = "customers";

  @TempDir private static Path dir;
  private static CommunicationRig rig;

  @BeforeAll
  static void start() {
    rig = new CommunicationRig(dir);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void empty() {
    rig.empty();
  }

  private static Outcome send(RecordRef incident, String audience, String text, String key) {
    return rig.communications().send(incident.toString(), audience, "", text, key, null, "ann");
  }

  private static RecordRef counterpart() {
    return rig.systems.all("platform").get(0);
  }

  /** The texts of the notes of Lockstep on a record that are no announcements of links. */
  private static List<String> updatesOn(RecordRef ref) {
    return rig.systems.noteTexts(ref).stream()
        .filter(text -> NoteMark.ofWriter(text).isPresent())
        .map(NoteMark::removeFrom)
        .filter(text -> !text.startsWith("Kept in sync with"))
        .toList();
  }

  private static Map<String, String> states(Update update) {
    Map<String, String> states = new java.util.HashMap<>();
    for (Delivered target : update.targets()) {
      states.put(target.target(), target.gap().isEmpty() ? target.state() : target.gap());
    }
    return states;
  }

  private static Update shown(RecordRef incident) {
    return rig.communications().show(incident.toString()).updates().get(0);
  }

  @Test
  void reachesEveryTargetOnceAndIsRecordedWithItsAuthor() {
    RecordRef ticket = rig.open("1");
    rig.keep();
    Outcome sent = send(ticket, CUSTOMERS, "We found the cause.\r\n\r\nMore soon. ", "k1");
    assertThat(sent.repeated()).isFalse();
    assertThat(sent.update().number()).isEqualTo(1);
    rig.engine.settle();

    assertThat(updatesOn(ticket)).containsExactly("We found the cause.\n\nMore soon.");
    assertThat(updatesOn(counterpart()))
        .as("not twice: the ticket's is not copied there")
        .containsExactly("We found the cause.\n\nMore soon.");
    assertThat(rig.systems.notes(ticket).stream().map(note -> note.visibility().name()))
        .contains("PUBLIC");
    assertThat(states(shown(ticket)))
        .isEqualTo(Map.of("itsm (public)", "SENT", "platform (internal)", "SENT"));
    AuditEntry entry = rig.audit(ticket, "informed").get(0).entry();
    assertThat(entry.text()).isEqualTo("Sent update 1 to Customers");
    assertThat(entry.actor()).isEqualTo("ann");
    assertThat(entry.details()).containsEntry("itsm (public)", "sent").containsKey("text");
    assertThat(rig.due(ticket, CUSTOMERS).dueAt()).isEqualTo(rig.in(Duration.ofMinutes(60)));
    assertThat(rig.due(ticket, CUSTOMERS).lastSentAt()).isEqualTo(rig.clock.instant());

    send(ticket, EXECUTIVES, "We found the cause.", "k2");
    rig.engine.settle();
    rig.channels.verify(1, postRequestedFor(urlEqualTo("/mail")));
    assertThat(states(shown(ticket))).isEqualTo(Map.of("channel mail", "SENT"));
  }

  @Test
  void aRepeatedRequestSendsNothing() {
    RecordRef ticket = rig.open("1");
    Outcome first = send(ticket, CUSTOMERS, "Down", "same");
    Outcome again = send(ticket, CUSTOMERS, "Down", "same");
    assertThat(again.repeated()).isTrue();
    assertThat(again.update().sentAt()).isEqualTo(first.update().sentAt());
    assertThatThrownBy(() -> send(ticket, CUSTOMERS, "Up", "same"))
        .isInstanceOf(RefusedUpdateException.class)
        .hasMessageStartingWith("key: another update was sent with it");
    RecordRef other = rig.open("1", Map.of("title", "Mail down"));
    assertThatThrownBy(() -> send(other, CUSTOMERS, "Down", "same"))
        .hasMessageStartingWith("key: another update was sent with it");
    rig.engine.settle();
    assertThat(updatesOn(ticket)).containsExactly("Down");
    assertThat(updatesOn(other)).isEmpty();
    assertThat(rig.audit(ticket, "informed")).hasSize(1);
  }

  /** A program that got no answer asks again, whatever became of the incident meanwhile. */
  @Test
  void aRepeatedRequestWithoutASubjectIsTheSameAfterTheIncidentChanged() {
    RecordRef ticket = rig.open("1");
    Outcome first = send(ticket, CUSTOMERS, "Down", "same");
    rig.edit(ticket, "title", "Portal and mail down");
    Outcome again = send(ticket, CUSTOMERS, "Down", "same");
    assertThat(again.repeated()).isTrue();
    assertThat(again.update().subject()).isEqualTo(first.update().subject());
    assertThatThrownBy(
            () ->
                rig.communications()
                    .send(ticket.toString(), CUSTOMERS, "Up", "Down", "same", null, "ann"))
        .hasMessageStartingWith("key: another update was sent with it");
  }

  @Test
  void anIncidentWithALongTitleCanBeReportedOn() {
    RecordRef ticket = rig.open("1", Map.of("title", "Portal ".repeat(36).strip()));
    Draft draft = rig.communications().draft(ticket.toString(), CUSTOMERS, "");
    assertThat(draft.subject()).hasSizeLessThanOrEqualTo(200).contains("Portal");
    assertThat(send(ticket, CUSTOMERS, "Down", "long").update().subject())
        .isEqualTo(draft.subject());
  }

  @Test
  void aTextThatIsTakenFitsIntoACard() {
    RecordRef ticket = rig.open("1");
    String lines = "\u3042\u3042\u3042\u3042\u3042\u3042\u3042\u3042\u3042\n";
    assertThatThrownBy(() -> send(ticket, EXECUTIVES, lines.repeat(201), "more"))
        .isInstanceOf(RefusedUpdateException.class)
        .hasMessageStartingWith("text: more than 200 lines");
    String text = lines.repeat(199) + "\u3042".repeat(1500);
    send(ticket, EXECUTIVES, text, "most");
    rig.engine.settle();
    rig.channels.verify(1, postRequestedFor(urlEqualTo("/mail")));
    assertThat(rig.engine.bean(DeadLetters.class).list()).isEmpty();
  }

  @Test
  void aDoubleClickSendsOnce() throws Exception {
    RecordRef ticket = rig.open("1");
    ExecutorService clicks = Executors.newFixedThreadPool(4);
    List<Boolean> repeated = new ArrayList<>();
    try {
      CyclicBarrier start = new CyclicBarrier(4);
      List<Future<Boolean>> sent = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        sent.add(
            clicks.submit(
                () -> {
                  start.await();
                  return send(ticket, CUSTOMERS, "Down", "click").repeated();
                }));
      }
      for (Future<Boolean> one : sent) {
        repeated.add(one.get());
      }
    } finally {
      clicks.shutdownNow();
    }
    assertThat(repeated).containsExactlyInAnyOrder(false, true, true, true);
    rig.engine.settle();
    assertThat(updatesOn(ticket)).containsExactly("Down");
  }

  @Test
  void twoPeopleDoNotSendTheSameUpdateUnknowingly() {
    RecordRef ticket = rig.open("1");
    Draft draft = rig.communications().draft(ticket.toString(), EXECUTIVES, "");
    send(ticket, EXECUTIVES, "Ann's", "a");
    RefusedUpdateException refused =
        catchThrowableOfType(
            RefusedUpdateException.class,
            () ->
                rig.communications()
                    .send(ticket.toString(), EXECUTIVES, "", "Bob's", "b", draft.basedOn(), "bob"));
    assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused)
        .hasMessageStartingWith("Nothing was sent: update 1 was sent meanwhile by ann");
    assertThat(rig.messages("mail")).hasSize(1);
  }

  @Test
  void lateIsWhatWasSentAfterItWasDue() {
    MeterRegistry metrics = rig.engine.bean(MeterRegistry.class);
    double lateBefore = count(metrics, "true");
    double timelyBefore = count(metrics, "false");
    RecordRef ticket = rig.open("1");
    rig.keep();
    rig.pass(Duration.ofMinutes(15));
    assertThat(send(ticket, EXECUTIVES, "on the minute", "a").update().late()).isFalse();
    rig.pass(Duration.ofMinutes(16));
    Update late = send(ticket, EXECUTIVES, "late", "b").update();
    assertThat(late.late()).isTrue();
    assertThat(late.dueAt()).isEqualTo(rig.clock.instant().minus(Duration.ofMinutes(1)));
    assertThat(rig.audit(ticket, "informed").get(1).entry().text())
        .isEqualTo("Sent update 2 to Executives, late");
    assertThat(rig.due(ticket, EXECUTIVES).dueAt()).isEqualTo(rig.in(Duration.ofMinutes(15)));
    assertThat(count(metrics, "true") - lateBefore).isEqualTo(1);
    assertThat(count(metrics, "false") - timelyBefore).isEqualTo(1);
  }

  private static double count(MeterRegistry metrics, String late) {
    return metrics.counter("lockstep.updates.sent", "audience", EXECUTIVES, "late", late).count();
  }

  @Test
  void anUpdateMayBeSentThoughNoneIsDue() {
    RecordRef ticket = rig.open("3");
    Update sent = send(ticket, EXECUTIVES, "For your information", "a").update();
    assertThat(sent.dueAt()).isNull();
    assertThat(sent.late()).isFalse();
    rig.pass(Duration.ofMinutes(60));
    assertThat(rig.communications().list()).isEmpty();
  }

  /** A target that is missing is a gap; if all are, an update to nobody is refused. */
  @Test
  void whatHasNoRecordIsAGapAndNobodyIsInformedSilently() {
    rig.systems.failBefore(
        call -> {
          if (call.startsWith("create")) {
            throw new RequestRejectedException(400, "POST", "no", "Correct it.");
          }
        });
    RecordRef ticket = rig.open("1");
    assertThat(rig.systems.all("platform")).isEmpty();
    Draft draft = rig.communications().draft(ticket.toString(), CUSTOMERS, "");
    assertThat(draft.targets())
        .containsExactly(
            new Reached("itsm (public)", ""),
            new Reached("platform (internal)", "it has no record in platform"));

    Update sent = send(ticket, CUSTOMERS, "Down", "a").update();
    assertThat(states(sent)).containsEntry("platform (internal)", "it has no record in platform");
    rig.engine.settle();
    assertThat(updatesOn(ticket))
        .as("a ticket without a counterpart, whose work is a dead letter")
        .containsExactly("Down");
    assertThat(rig.engine.bean(DeadLetters.class).list()).hasSize(1);
    assertThat(states(shown(ticket))).containsEntry("itsm (public)", "SENT");

    rig.engine.jdbc.sql("update pair set state = 'UNLINKED'").update();
    RefusedUpdateException refused =
        catchThrowableOfType(
            RefusedUpdateException.class, () -> send(ticket, CUSTOMERS, "Still down", "b"));
    assertThat(refused.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused)
        .hasMessage(
            "Nothing was sent, since it would reach nobody: itsm (public): it has no record in"
                + " itsm; platform (internal): it has no record in platform");
    assertThat(rig.communications().show(ticket.toString()).updates()).hasSize(1);
  }

  @Test
  void aSystemThatTakesNoSuchNotesIsAGap() {
    RecordRef ticket = rig.open("1");
    rig.systems.takeNoNotes("platform");
    Update sent = send(ticket, CUSTOMERS, "Down", "a").update();
    assertThat(states(sent))
        .containsEntry("platform (internal)", "its record there takes no internal notes");
    rig.engine.settle();
    assertThat(updatesOn(ticket)).containsExactly("Down");
    assertThat(rig.engine.bean(DeadLetters.class).list()).isEmpty();
  }

  @Test
  void aRefusedNoteIsADeadLetterAndTheOtherTargetsGetTheUpdate() {
    RecordRef ticket = rig.open("1");
    rig.systems.failBefore(
        call -> {
          if (call.startsWith("note") && call.contains("itsm")) {
            throw new RequestRejectedException(403, "POST note", "no", "Grant it.");
          }
        });
    send(ticket, CUSTOMERS, "Down", "a");
    rig.engine.settle();
    assertThat(states(shown(ticket)))
        .isEqualTo(Map.of("itsm (public)", "DEAD_LETTER", "platform (internal)", "SENT"));
    DeadLetters letters = rig.engine.bean(DeadLetters.class);
    assertThat(letters.list()).hasSize(1);

    rig.systems.failBefore(call -> {});
    letters.retry(letters.list().get(0).id(), "ann");
    rig.engine.settle();
    assertThat(updatesOn(ticket)).containsExactly("Down");
    assertThat(states(shown(ticket))).containsEntry("itsm (public)", "SENT");
  }

  @Test
  void theDraftSaysWhatIsKnownAndWhatChangedSinceTheLastUpdate() {
    RecordRef ticket = rig.open("2", Map.of("assignee", "ann"));
    rig.keep();
    String key = rig.due(ticket, EXECUTIVES).incident().key();
    Draft first = rig.communications().draft(key, EXECUTIVES, "wait for\u0007 the vendor");
    assertThat(first.subject()).isEqualTo("P2 " + key + " Portal down: open");
    assertThat(first.basedOn()).isZero();
    assertThat(first.text())
        .startsWith("P2 " + key + " Portal down (open)")
        .contains("Next: wait for the vendor")
        .contains("Again by " + DraftWriter.time(rig.in(Duration.ofMinutes(30))))
        .doesNotContain("->", "Last ");
    assertThat(
            first
                .text()
                .lines()
                .filter(line -> line.startsWith("%s ".formatted(rig.systems.title("platform")))))
        .hasSize(1);

    send(ticket, EXECUTIVES, first.text(), "a");
    rig.systems.personNotes(ticket, "secret diagnosis", dev.lockstep.record.Visibility.INTERNAL);
    rig.clock.advance(Duration.ofMinutes(65));
    rig.systems.person(ticket, Map.of("priority", "1", "status", "working", "assignee", "bob"));
    rig.engine.settle();
    Draft second = rig.communications().draft(key, EXECUTIVES, "");
    assertThat(second.text().lines().filter(line -> line.contains("->")))
        .containsExactly(
            "Level: P2 -> P1", "State: open -> acknowledged", "Incident manager: ann -> bob");
    assertThat(second.text()).contains("by ann, number 2.").doesNotContain("secret diagnosis");
    assertThat(second.basedOn()).isEqualTo(1);
  }

  @Test
  void hostileTextsStayTexts() {
    String hostile = "Down\r\nBcc: eve@example.com {{manager}} <!channel> <b>x</b> \u202eevil";
    RecordRef ticket = rig.open("1", Map.of("title", hostile, "service", "{{#next}}"));
    Draft draft = rig.communications().draft(ticket.toString(), EXECUTIVES, "{{manager}}");
    assertThat(draft.subject())
        .contains("Down Bcc: eve@example.com {{manager}} <!channel> <b>x</b> evil")
        .doesNotContain("\n", "\r", "\u202e");
    assertThat(draft.text()).contains("Next: {{manager}}");
    send(ticket, CUSTOMERS, hostile, "a");
    rig.engine.settle();
    assertThat(updatesOn(ticket))
        .containsExactly("Down\nBcc: eve@example.com {{manager}} <!channel> <b>x</b> evil");
  }

  /** Another instance of the system may have a record of that key, of another incident. */
  @Test
  void anIncidentIsMeantByItsOwnKeyAndOneOfSeveralByItsSystem() {
    RecordRef mine = rig.open("1");
    RecordRef other = rig.open("1");
    String key = rig.communications().show(mine.toString()).incident().key();
    String counterparts =
        "update record set state = jsonb_set(state, '{key}', to_jsonb('%s'::text)) where correlation = (select correlation"
            + " from record where ref = '%s') and ref %s '%s'";
    rig.engine.jdbc.sql(counterparts.formatted(key, other, "<>", other)).update();
    assertThat(rig.communications().show(key).incident().ref()).isEqualTo(mine.toString());
    assertThat(rig.communications().show("platform:" + key).incident().ref())
        .isEqualTo(other.toString());

    rig.engine.jdbc.sql(counterparts.formatted(key, other, "=", other)).update();
    assertRefused(
        Reason.CONFLICT,
        () -> rig.communications().show(key),
        "There are several incidents with a record called %s; write which: itsm:%s, itsm:%s"
            .formatted(key, key, key));
  }

  /** The vendor numbers its tickets as we do: ours of that number is another one, or none. */
  @Test
  void aKeyThatOnlyAVendorsRecordHasNamesNoIncident() {
    RecordRef ticket = rig.open("1");
    String key = rig.communications().show(ticket.toString()).incident().key();
    String theirs = "THEIRS-1";
    rig.engine
        .jdbc
        .sql(
            "update record set state = jsonb_set(state, '{key}', to_jsonb('%s'::text)) where ref"
                    .formatted(theirs)
                + " like 'platform/%'")
        .update();
    assertThat(rig.communications().show(theirs).incident().key()).isEqualTo(key);

    rig.engine.withoutOwnNotes.add("platform");
    try {
      assertRefused(
          Reason.CONFLICT,
          () -> rig.communications().show(theirs),
          "Only a record of platform is called %s; write itsm:%s if its incident %s is meant"
              .formatted(theirs, key, key));
      assertThat(rig.communications().show("platform:" + theirs).incident().key()).isEqualTo(key);
    } finally {
      rig.engine.withoutOwnNotes.clear();
    }
  }

  @Test
  void whatIsWrongIsRefusedAndNothingIsSent() {
    RecordRef ticket = rig.open("1");
    String name = ticket.toString();
    Communications all = rig.communications();
    assertRefused(Reason.NOT_FOUND, () -> all.show("INC404"), "Nothing that is kept in sync");
    assertRefused(
        Reason.NOT_FOUND,
        () -> send(ticket, "executive", "x", ""),
        "There is no audience 'executive'; did you mean 'executives'?");
    assertRefused(Reason.INVALID, () -> send(ticket, "", "x", ""), "audience: missing");
    assertRefused(
        Reason.INVALID, () -> send(ticket, EXECUTIVES, " \u0000\n ", ""), "text: missing");
    assertRefused(
        Reason.INVALID, () -> send(ticket, EXECUTIVES, "x".repeat(3501), ""), "text: longer than");
    assertRefused(Reason.INVALID, () -> send(ticket, EXECUTIVES, "x", "a b"), "key: write");
    assertRefused(
        Reason.INVALID,
        () -> all.send(name, EXECUTIVES, "s".repeat(201), "x", "", null, "ann"),
        "subject: longer than");
    assertRefused(
        Reason.CONFLICT,
        () -> all.snooze(name, EXECUTIVES, Duration.ofMinutes(5), "why", "ann"),
        "No update of ");
    rig.keep();
    assertRefused(
        Reason.INVALID,
        () -> all.snooze(name, EXECUTIVES, Duration.ofMinutes(5), " ", "ann"),
        "reason: missing");
    Stream.of(Duration.ofSeconds(59), Duration.ofHours(25))
        .forEach(
            length ->
                assertRefused(
                    Reason.INVALID,
                    () -> all.snooze(name, EXECUTIVES, length, "why", "ann"),
                    "for: write a duration"));
    assertThat(all.show(name).updates()).isEmpty();
    assertThat(rig.messages("mail")).isEmpty();
  }

  private static void assertRefused(Reason reason, Runnable call, String message) {
    RefusedUpdateException refused = catchThrowableOfType(RefusedUpdateException.class, call::run);
    assertThat(refused).hasMessageStartingWith(message);
    assertThat(refused.reason()).isEqualTo(reason);
  }

  /** The longest text that is taken is cut nowhere. */
  @Test
  void theLongestTextReachesItsTargetsWhole() {
    RecordRef ticket = rig.open("1");
    String text = "é".repeat(3499) + "!";
    send(ticket, CUSTOMERS, text, "a");
    send(ticket, EXECUTIVES, text, "b");
    rig.engine.settle();
    assertThat(updatesOn(ticket)).containsExactly(text);
    rig.channels.verify(1, postRequestedFor(urlEqualTo("/mail")));
  }
}
