package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.record.RecordRef;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Duplicates in a system with a workflow whose clock cannot order two close versions, such as Jira.
 */
class WorkflowTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";

  private static DuplicateEngine at;

  private RecordRef primary;
  private RecordRef child;

  @BeforeAll
  static void start() {
    at = DuplicateEngine.stepping();
  }

  @AfterAll
  static void stop() {
    at.close();
  }

  @BeforeEach
  void consolidated() {
    at.reset();
    at.systems.onChange((ref, state) -> at.engine.receive(ref, state));
    primary = at.call(DOWN);
    at.settle();
    child = at.call(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEqualTo(primary.id());
  }

  @Test
  void aDuplicateIsResolvedAndReopenedStepByStep() {
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "6");
    assertThat(at.list(State.LINKED)).hasSize(1);

    at.systems.person(primary, Map.of("status", "1"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
    assertThat(at.list(State.LINKED)).hasSize(1);
  }

  @Test
  void anAnswerLostBetweenTwoStepsLosesNoRestoreValues() {
    AtomicInteger updates = new AtomicInteger();
    at.systems.failAfter(
        call -> {
          if (call.equals("update itsm") && updates.incrementAndGet() == 1) {
            throw new SystemUnavailableException("no answer");
          }
        });
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "6");

    at.systems.person(primary, Map.of("status", "1"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
  }

  @Test
  void anUnlinkAMomentAfterLockstepWroteIsDetected() {
    at.systems.apart(100);
    at.systems.personConsolidates(child, null);
    at.settle();
    assertThat(at.list(State.SPLIT)).hasSize(1);
    assertThat(at.systems.primaryOf(child)).isEmpty();
  }

  @Test
  void aReopenAMomentAfterItWasResolvedIsDetected() {
    at.systems.apart(100);
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "6");
    at.systems.person(child, Map.of("status", "2"));
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEmpty();
    assertThat(at.systems.values(child)).containsEntry("status", "2");
  }

  @Test
  void aRepeatedEventCostsNoCall() {
    at.systems.apart(100);
    at.systems.person(child, Map.of("title", DOWN + " still"));
    at.settle();
    int before = at.systems.calls("fetch itsm");
    at.engine.receive(child, at.systems.peek(child));
    at.settle();
    assertThat(at.systems.calls("fetch itsm")).isEqualTo(before);
  }

  /** The parent is not a value of the pair, but a change of it counts as well. */
  @Test
  void aLinkMadeAMomentAfterAnotherChangeOfAPairIsDetected() {
    RecordRef major = at.major("The printers in the basement are out of paper");
    at.settle();
    at.systems.apart(100);
    at.systems.personConsolidates(major, primary);
    at.settle();
    assertThat(at.list(State.LINKED)).hasSize(2);
  }

  /** Compared without its description it would page, and be found a duplicate only afterwards. */
  @Test
  void aTicketWhoseTextsAreMissingFromAWebhookIsFetchedBeforeItIsCompared() {
    at.systems.onChange((ref, state) -> {});
    RecordRef stranger = at.call("The heating is off");
    at.systems.person(stranger, Map.of("description", "In the west wing"));
    NativeRecord whole = at.systems.peek(stranger);
    ObjectNode json = whole.json().deepCopy();
    json.remove("description");
    at.engine.receive(
        stranger,
        new NativeRecord(
            whole.ref(),
            whole.key(),
            whole.url(),
            whole.version(),
            whole.updatedAt(),
            "",
            json,
            whole.openedAt(),
            whole.primaryId(),
            whole.changedBy(),
            true));
    at.settle();
    assertThat(
            at.engine
                .jdbc
                .sql("select description from ticket where record = ?")
                .param(stranger.toString())
                .query(String.class)
                .single())
        .isEqualTo("In the west wing");
  }

  @Test
  void eventsRelevantToKnownRecordsOnlyStartNothing() {
    at.systems.onChange((ref, state) -> {});
    RecordRef stranger = at.major("Something that nobody has heard of");
    at.engine.receiveIfKnown(stranger);
    at.settle();
    assertThat(at.systems.calls("fetch itsm")).isZero();
    assertThat(at.systems.all("platform")).isEmpty();

    at.systems.personConsolidates(child, null);
    at.engine.receiveIfKnown(child);
    at.settle();
    assertThat(at.list(State.SPLIT)).hasSize(1);
  }
}
