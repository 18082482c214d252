package dev.lockstep.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.record.RecordRef;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forty tickets must not become forty pages, in any order of arrival and with any crash. */
class ManyAtOnceTest {
  private static final String DOWN = "Patient records are down for every ward since this morning";
  private static final int TICKETS = 40;

  private DuplicateEngine at;

  @BeforeEach
  void start() {
    at = DuplicateEngine.automatic();
  }

  @AfterEach
  void stop() {
    at.close();
  }

  /** All at the same moment, each important enough to page on its own. */
  private List<RecordRef> arrive() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(TICKETS);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<RecordRef>> tickets =
          IntStream.range(0, TICKETS)
              .mapToObj(
                  i ->
                      callers.submit(
                          () -> {
                            go.await();
                            return at.major(DOWN);
                          }))
              .toList();
      go.countDown();
      List<RecordRef> arrived = new java.util.ArrayList<>();
      for (Future<RecordRef> ticket : tickets) {
        arrived.add(ticket.get());
      }
      return arrived;
    } finally {
      callers.shutdown();
    }
  }

  private void assertOneGroup(List<RecordRef> tickets) {
    assertThat(at.systems.all("platform")).hasSize(1);
    assertThat(at.systems.calls("create platform")).isEqualTo(1);
    List<String> primaries =
        tickets.stream().map(at.systems::primaryOf).filter(name -> !name.isEmpty()).toList();
    assertThat(primaries).hasSize(TICKETS - 1);
    assertThat(primaries.stream().distinct()).hasSize(1);
    RecordRef primary = new RecordRef("itsm", "incident", primaries.get(0));
    assertThat(at.systems.primaryOf(primary)).isEmpty();
    assertThat(at.systems.correlationOf(primary))
        .isEqualTo(at.systems.all("platform").get(0).toString());
    assertThat(at.list(State.LINKED)).hasSize(TICKETS - 1);
  }

  @Test
  void fortyAtOnceWhileTheFirstIsStillBeingLinkedAreOnePage() throws Exception {
    CountDownLatch allThere = new CountDownLatch(1);
    at.systems.failBefore(
        call -> {
          if (call.equals("create platform") && allThere.getCount() > 0) {
            // The first cannot be linked before the last has arrived.
            throw new SystemUnavailableException("slow to begin with");
          }
        });
    List<RecordRef> tickets = arrive();
    allThere.countDown();
    at.systems.failBefore(call -> {});
    at.settle();
    assertThat(at.systems.all("platform")).hasSize(1);
    assertThat(at.list(State.LINKED)).hasSize(TICKETS - 1);
    assertThat(tickets.stream().map(at.systems::primaryOf).filter(String::isEmpty)).hasSize(1);
  }

  @Test
  void fortyAtOnceAreOnePageThoughLockstepIsStoppedInTheMiddle() throws Exception {
    AtomicInteger hung = new AtomicInteger();
    CountDownLatch middle = new CountDownLatch(1);
    at.systems.failAfter(
        call -> {
          if (call.equals("consolidate itsm") && hung.incrementAndGet() == TICKETS / 4) {
            middle.countDown();
          }
        });
    List<RecordRef> tickets = arrive();
    assertThat(middle.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    at.engine.stop();
    at.systems.failAfter(call -> {});
    at.engine.start();
    at.settle();
    assertOneGroup(tickets);
  }

  @Test
  void resolutionAndCommentsReachAllFortyOnceWhileCallsFail() throws Exception {
    List<RecordRef> tickets = arrive();
    at.settle();
    assertOneGroup(tickets);
    RecordRef primary =
        tickets.stream()
            .filter(ref -> at.systems.primaryOf(ref).isEmpty())
            .findFirst()
            .orElseThrow();
    AtomicInteger calls = new AtomicInteger();
    at.systems.failAfter(
        call -> {
          if ((call.equals("note itsm") || call.equals("update itsm"))
              && calls.incrementAndGet() % 3 == 0) {
            throw new SystemUnavailableException("done, but nobody was told");
          }
        });
    at.systems.personNotes(primary, "We are on it", dev.lockstep.record.Visibility.PUBLIC);
    at.systems.person(primary, Map.of("status", "6", "code", "fixed"));
    at.settle();
    Awaitility.await().until(() -> at.list(State.LINKING).isEmpty());
    for (RecordRef ticket : tickets) {
      assertThat(at.systems.values(ticket))
          .containsEntry("status", "6")
          .containsEntry("code", "fixed");
      assertThat(
              at.systems.noteTexts(ticket).stream().filter(text -> text.contains("We are on it")))
          .hasSize(1);
    }
  }
}
