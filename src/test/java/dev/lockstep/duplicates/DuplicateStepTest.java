package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.duplicates.ticket.TicketStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.similarity.Reason;
import dev.lockstep.similarity.Signal;
import dev.lockstep.similarity.Similarity;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Automatic mode: links certain duplicates, keeps them in step with the primary, unlinks them. */
class DuplicateStepTest {
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

  @Test
  void linksADuplicateToTheFirstAndStatesTheReasons() {
    RecordRef first = at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
    assertThat(at.systems.values(second)).containsEntry("status", "1");
    assertThat(at.systems.noteTexts(second))
        .singleElement()
        .asString()
        .contains("Linked as a duplicate of " + first.id().toUpperCase(Locale.ROOT))
        .contains("words in common");
    assertThat(at.systems.primaryOf(first)).isEmpty();
    assertThat(at.list())
        .singleElement()
        .extracting(Duplicates.Summary::state)
        .isEqualTo(State.LINKED);
  }

  /** For example because the sentence model cannot be loaded, or the database refuses the row. */
  @Test
  void aTicketThatCannotBeComparedOpensItsIncidentAndIsCounted() {
    at.engine
        .jdbc
        .sql("alter table ticket add constraint refuse_all check (title is null) not valid")
        .update();
    try {
      RecordRef ticket = at.major(DOWN);
      at.settle();
      assertThat(at.systems.all("platform")).hasSize(1);
      assertThat(at.systems.primaryOf(ticket)).isEmpty();
      assertThat(at.engine.bean(MeterRegistry.class).counter("lockstep.duplicates.failed").count())
          .isPositive();
    } finally {
      at.engine.jdbc.sql("alter table ticket drop constraint refuse_all").update();
    }
  }

  @Test
  void aDuplicateNeverOpensAnIncidentOfItsOwn() {
    at.major(DOWN);
    at.settle();
    at.major(DOWN);
    at.major(DOWN);
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(1);
    assertThat(at.list(State.LINKED)).hasSize(2);
  }

  @Test
  void alertsBecomeOneIncidentAndOneTicket() {
    RecordRef first = at.alert(DOWN);
    at.settle();
    RecordRef second = at.alert(DOWN);
    RecordRef third = at.alert(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
    assertThat(at.systems.primaryOf(third)).isEqualTo(first.id());
    assertThat(at.systems.all("itsm")).hasSize(1);
    assertThat(at.systems.values(at.systems.all("itsm").get(0))).containsEntry("status", "1");
  }

  @Test
  void aTicketWithAPairIsThePrimaryEvenIfItCameLater() {
    RecordRef call = at.call(DOWN);
    at.settle();
    at.alert(DOWN);
    at.settle();
    RecordRef linked =
        at.systems.all("itsm").stream().filter(ref -> !ref.equals(call)).findFirst().orElseThrow();
    assertThat(at.systems.primaryOf(call)).isEqualTo(linked.id());
    assertThat(at.systems.all("platform")).hasSize(1);
  }

  @Test
  void aDuplicatesDuplicateIsLinkedToThePrimary() {
    RecordRef call = at.call(DOWN);
    at.settle();
    RecordRef second = at.call(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(call.id());
    RecordRef major = at.major(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(call)).isEqualTo(major.id());
    assertThat(at.systems.primaryOf(second)).isEqualTo(major.id());
  }

  @Test
  void everyCallerReceivesThePublicCommentsOnceAndNothingElse() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    List<RecordRef> children = List.of(at.call(DOWN), at.call(DOWN), at.call(DOWN));
    at.settle();
    at.systems.personNotes(primary, "The database of Dr. X is broken", Visibility.INTERNAL);
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    at.systems.personNotes(primary, "Back in ten minutes", Visibility.PUBLIC);
    at.settle();
    for (RecordRef child : children) {
      List<String> heard =
          at.systems.peekNotes(child).stream()
              .filter(note -> note.visibility() == Visibility.PUBLIC)
              .map(note -> note.text().lines().findFirst().orElse(""))
              .toList();
      assertThat(heard).containsExactly("We are on it", "Back in ten minutes");
      assertThat(at.systems.noteTexts(child).toString()).doesNotContain("Dr. X");
    }
  }

  @Test
  void whoCopiesATicketsWordsReceivesNoneOfItsTexts() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.stranger(DOWN);
    at.settle();
    at.systems.personNotes(primary, "Ward 3 may use the spare reader", Visibility.PUBLIC);
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "Dr. X's account was locked"));
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEqualTo(primary.id());
    assertThat(publicTexts(child)).isEmpty();
    assertThat(at.systems.values(child))
        .containsEntry("status", "6")
        .containsEntry("code", "neutral");
    assertThat(at.systems.noteTexts(child).toString())
        .contains("lockstep duplicates accept")
        .doesNotContain("Ward 3", "Dr. X");
  }

  @Test
  void acceptingAnAutomaticLinkSharesThePrimarysTexts() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.stranger(DOWN);
    at.settle();
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    assertThat(publicTexts(child)).isEmpty();
    String id = String.valueOf(at.list(State.LINKED).get(0).id());
    assertThat(at.duplicates().accept(id, child.id(), "ann"))
        .isInstanceOf(Duplicates.Outcome.Refused.class);
    for (int times = 0; times < 2; times++) {
      assertThat(at.duplicates().accept(id, null, "ann"))
          .isInstanceOf(Duplicates.Outcome.Decided.class);
      at.settle();
      assertThat(publicTexts(child)).containsExactly("We are on it");
    }
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("code", "fixed");
    assertThat(at.list(State.LINKED).get(0).decidedBy()).isEqualTo("ann");
  }

  @Test
  void anAcceptedDuplicateThatIsRelinkedIsNoLongerAccepted() {
    RecordRef first = at.call(DOWN);
    at.settle();
    RecordRef child = at.stranger(DOWN);
    at.settle();
    at.duplicates().accept(String.valueOf(at.list(State.LINKED).get(0).id()), null, "ann");
    at.settle();
    RecordRef primary = at.major(DOWN);
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEqualTo(primary.id());
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    assertThat(publicTexts(first)).containsExactly("We are on it");
    assertThat(publicTexts(child)).isEmpty();
  }

  @Test
  void aTicketThatLeavesTheScopeReceivesNothingMore() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("compared", "secret"));
    at.settle();
    at.systems.personNotes(primary, "Between us", Visibility.PUBLIC);
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEqualTo(primary.id());
    assertThat(publicTexts(child)).isEmpty();
  }

  @Test
  void aTicketLinkedInTheItsmReceivesThePrimarysTexts() {
    RecordRef primary = at.major(DOWN);
    RecordRef child = at.stranger("Something else entirely is wrong with the lift");
    at.settle();
    at.systems.personConsolidates(child, primary);
    at.settle();
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    assertThat(publicTexts(child)).containsExactly("We are on it");
  }

  private static List<String> publicTexts(RecordRef ticket) {
    return at.systems.peekNotes(ticket).stream()
        .filter(note -> note.visibility() == Visibility.PUBLIC)
        .map(note -> note.text().lines().findFirst().orElse(""))
        .toList();
  }

  @Test
  void aCommentTheItsmCopiesALittleLaterReachesTheCallerOnce() {
    // Whether a system copies comments is unknown after a restart.
    at.engine.stop();
    at.engine.start();
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    AtomicInteger looks = new AtomicInteger();
    at.systems.failBefore(
        call -> {
          if (call.equals("notes itsm") && looks.incrementAndGet() == 2
              || call.equals("note itsm") && looks.getAndAdd(2) == 1) {
            at.systems.personNotes(child, "We are on it", Visibility.PUBLIC);
          }
        });
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    assertThat(looks.get()).isGreaterThan(1);
    assertThat(at.systems.noteTexts(child).toString()).containsOnlyOnce("We are on it");
  }

  /** A delayed event queue says nothing about the next comment. */
  @Test
  void afterACommentTheItsmWasTooSlowToCopyTheNextStillReachesTheCallerOnce() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    at.systems.personNotes(primary, "We are on it", Visibility.PUBLIC);
    at.settle();
    at.systems.personNotes(child, "We are on it", Visibility.PUBLIC);
    at.settle();
    AtomicInteger looks = new AtomicInteger();
    at.systems.failBefore(
        call -> {
          if (call.equals("notes itsm") && looks.incrementAndGet() == 2
              || call.equals("note itsm") && looks.getAndAdd(2) < 2) {
            at.systems.personNotes(child, "Back in ten minutes", Visibility.PUBLIC);
          }
        });
    at.systems.personNotes(primary, "Back in ten minutes", Visibility.PUBLIC);
    at.settle();
    assertThat(at.systems.noteTexts(child).toString()).containsOnlyOnce("Back in ten minutes");
  }

  @Test
  void severalCommentsWaitTogether() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    at.systems.onChange((ref, state) -> {});
    for (String comment : List.of("One", "Two", "Three", "Four")) {
      at.systems.personNotes(primary, comment, Visibility.PUBLIC);
    }
    at.systems.onChange((ref, state) -> at.engine.receive(ref, state));
    int before = at.systems.calls("notes itsm");
    at.engine.receive(primary, at.systems.peek(primary));
    at.settle();
    assertThat(at.systems.noteTexts(child).toString()).contains("One", "Two", "Three", "Four");
    assertThat(at.systems.calls("notes itsm") - before).isBetween(1, 3);
  }

  @Test
  void resolutionReachesEveryChildOnce() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    List<RecordRef> children = List.of(at.call(DOWN), at.call(DOWN));
    at.settle();
    int before = at.systems.calls("update itsm");
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    for (RecordRef child : children) {
      assertThat(at.systems.values(child))
          .containsEntry("status", "6")
          .containsEntry("code", "fixed");
    }
    assertThat(at.systems.calls("update itsm") - before).isEqualTo(children.size());
    at.systems.person(primary, Map.of("title", DOWN + "!"));
    at.settle();
    assertThat(at.systems.calls("update itsm") - before).isEqualTo(children.size());
  }

  @Test
  void reopeningThePrimaryReopensWhatItResolved() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.systems.person(child, Map.of("status", "2"));
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    at.systems.person(primary, Map.of("status", "2"));
    at.settle();
    assertThat(at.systems.values(child)).containsEntry("status", "2").containsEntry("code", "");
    at.systems.person(primary, Map.of("status", "6", "code", "fixed again"));
    at.settle();
    assertThat(at.systems.values(child))
        .containsEntry("status", "6")
        .containsEntry("code", "fixed again");
  }

  @Test
  void aChildReopenedAloneIsUnlinkedAndMayStartItsOwnPair() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.major(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    at.systems.person(child, Map.of("status", "1"));
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEmpty();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
    assertThat(at.systems.all("platform")).hasSize(2);
    assertThat(at.list(State.LINKED)).isEmpty();
    // The primary is resolved, so the two may be proposed, and are.
    assertThat(at.list(State.PROPOSED)).hasSize(1);
  }

  @Test
  void aTicketAfterTheOutageIsProposedAndNeverClosed() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    RecordRef late = at.call(DOWN);
    at.settle();
    assertThat(at.systems.values(late)).containsEntry("status", "1");
    assertThat(at.systems.primaryOf(late)).isEmpty();
    assertThat(at.list(State.PROPOSED)).hasSize(1);
  }

  /** Otherwise two groups about one outage would stay apart, and nobody would be asked. */
  @Test
  void aTicketThatIsProposedSomewhereStaysSoWhenItBecomesAPrimary() {
    RecordRef over = resolvedOutage();
    RecordRef alert = at.alert(DOWN);
    at.settle();
    assertThat(proposed()).containsExactly(alert + " under " + over);
    RecordRef call = at.call("The coffee machine leaks");
    at.settle();

    Similarity similarity =
        new Similarity(0.99, List.of(new Reason(Signal.WORDS, 9, "words in common")), false, 9);
    at.engine
        .bean(DuplicateDetector.class)
        .runExclusively(
            () ->
                at.engine
                    .bean(DuplicateTransitions.class)
                    .store(
                        at.engine.bean(TicketStore.class).find(alert).orElseThrow(),
                        new DuplicateDecision.Match(call, alert, similarity, true)));
    at.settle();

    assertThat(at.list(State.LINKED)).hasSize(1);
    assertThat(proposed()).containsExactly(alert + " under " + over);
  }

  private RecordRef resolvedOutage() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    return primary;
  }

  private List<String> proposed() {
    return at.list(State.PROPOSED).stream()
        .map(found -> found.duplicate().ref() + " under " + found.primary().ref())
        .toList();
  }

  @Test
  void splittingRestoresTheFieldsAndIsRemembered() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    at.duplicates().split("I" + child.id().substring(1), "ann");
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEmpty();
    assertThat(at.systems.values(child)).containsEntry("status", "1").containsEntry("code", "");
    assertThat(at.list(State.SPLIT)).hasSize(1);
    at.systems.person(primary, Map.of("status", "1"));
    at.systems.person(child, Map.of("title", DOWN + " again"));
    at.settle();
    assertThat(at.list()).isEmpty();
    assertThat(at.systems.primaryOf(child)).isEmpty();
  }

  @Test
  void splittingKeepsFieldsAnOperatorChangedSince() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    at.systems.person(child, Map.of("code", "by the caller"));
    at.settle();
    at.duplicates().split(String.valueOf(at.list().get(0).id()), "ann");
    at.settle();
    assertThat(at.systems.values(child))
        .containsEntry("status", "1")
        .containsEntry("code", "by the caller");
  }

  @Test
  void aTicketUnlinkedInTheItsmStaysUnlinked() {
    at.major(DOWN);
    at.settle();
    RecordRef child = at.call(DOWN);
    at.settle();
    at.systems.personConsolidates(child, null);
    at.settle();
    assertThat(at.list(State.SPLIT)).hasSize(1);
    at.systems.person(child, Map.of("title", DOWN + " still"));
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEmpty();
    assertThat(at.list()).isEmpty();
  }

  @Test
  void aTicketLinkedInTheItsmOpensNoIncidentAndFollows() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef other = at.call("Nothing in common with it");
    at.settle();
    at.systems.personConsolidates(other, primary);
    at.systems.person(other, Map.of("scope", "yes"));
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(1);
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(other)).containsEntry("status", "6");
  }

  @Test
  void twoPairsThatAreDuplicatesAreMergedAndTheMergedIncidentsEndIsNotSynced() {
    RecordRef first = at.major(DOWN);
    RecordRef second = at.major("Something else entirely went wrong over there");
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(2);
    at.systems.person(second, Map.of("title", DOWN));
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
    assertThat(at.systems.values(second)).containsEntry("status", "1");
    assertThat(
            at.systems.all("platform").stream()
                .filter(ref -> at.systems.values(ref).get("status").equals("resolved")))
        .hasSize(1);
    at.systems.person(second, Map.of("status", "2"));
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(2);
  }

  @Test
  void aSplitTicketStartsANewPairSinceMergingCannotBeUndone() {
    at.major(DOWN);
    RecordRef second = at.major("Something else entirely went wrong over there");
    at.settle();
    at.systems.person(second, Map.of("title", DOWN));
    at.settle();
    at.duplicates().split("I" + second.id().substring(1), "ann");
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEmpty();
    List<RecordRef> open =
        at.systems.all("platform").stream()
            .filter(ref -> !at.systems.values(ref).get("status").equals("resolved"))
            .toList();
    assertThat(open).hasSize(2);
    at.systems.person(second, Map.of("status", "2"));
    at.settle();
    assertThat(open.stream().map(ref -> at.systems.values(ref).get("status")))
        .containsExactlyInAnyOrder("triggered", "acknowledged");
  }

  @Test
  void aCancelledPrimaryUnlinksItsDuplicates() {
    RecordRef primary = at.major(DOWN);
    at.settle();
    RecordRef child = at.major(DOWN);
    at.settle();
    at.systems.person(primary, Map.of("status", "cancelled"));
    at.settle();
    assertThat(at.systems.primaryOf(child)).isEmpty();
    assertThat(at.systems.values(child)).containsEntry("status", "1");
  }

  @Test
  void anIncidentMergedOnThePlatformIsLinkedInTheItsmAndNotResolved() {
    RecordRef first = at.major(DOWN);
    RecordRef second = at.major("Something else entirely went wrong over there");
    at.settle();
    RecordRef target = at.counterpart(first);
    RecordRef source = at.counterpart(second);
    at.systems.personConsolidates(source, target);
    at.settle();
    assertThat(at.systems.primaryOf(second)).isEqualTo(first.id());
    assertThat(at.systems.values(second)).containsEntry("status", "1");
    assertThat(at.systems.calls("consolidate platform")).isZero();
    at.systems.person(first, Map.of("status", "6", "code", "fixed"));
    at.settle();
    assertThat(at.systems.values(second)).containsEntry("status", "6");
  }

  @Test
  void ticketsOutOfScopeAreNotCompared() {
    RecordRef ticket = at.major(DOWN);
    at.settle();
    long before = comparisons();
    at.systems.person(ticket, Map.of("status", "2"));
    at.systems.personNotes(ticket, "Looking into it", Visibility.INTERNAL);
    at.systems.person(at.counterpart(ticket), Map.of("status", "acknowledged"));
    at.settle();
    assertThat(comparisons()).isEqualTo(before);
    at.systems.person(ticket, Map.of("title", DOWN + " again"));
    at.settle();
    assertThat(comparisons()).isEqualTo(before + 1);
  }

  private static long comparisons() {
    return at.engine.bean(MeterRegistry.class).timer("lockstep.duplicates.compare").count();
  }
}
