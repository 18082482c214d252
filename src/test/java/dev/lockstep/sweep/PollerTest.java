package dev.lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.connector.Changes;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteTrace;
import dev.lockstep.connector.Unavailable;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.PairDirectory;
import dev.lockstep.inbox.Undeliverable;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Polling hears everything at least once, whatever fails in between. */
class PollerTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
  private static final Listing LISTING = new Listing("itsm", "incident", Duration.ofSeconds(30));
  private static final RecordRef ONE = new RecordRef("itsm", "incident", "1");
  private static final RecordRef TWO = new RecordRef("itsm", "incident", "2");

  private final List<InboundEvent> heard = new ArrayList<>();
  private final List<Instant> asked = new ArrayList<>();
  private final Watermarks watermarks = new Watermarks(JdbcClient.create(DATABASE));
  private Instant now = NOW;
  private Pages pages = page -> new Changes(List.of(), Map.of(), Set.of(), null);
  private Runnable onReceive = () -> {};
  private final List<NoteTrace> knownTraces = new ArrayList<>();

  private interface Pages {
    Changes page(Optional<String> page);
  }

  private final List<RecordRef> unlisted = new ArrayList<>();

  @BeforeEach
  void forget() {
    JdbcClient.create(DATABASE).sql("delete from watermark").update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private void poll() {
    Connectors connectors =
        (Connectors)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connectors.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("listsNotes")) {
                    return !unlisted.isEmpty();
                  }
                  asked.add((Instant) arguments[2]);
                  @SuppressWarnings("unchecked")
                  var page = (Optional<String>) arguments[3];
                  return pages.page(page);
                });
    Inbox inbox =
        new Inbox() {
          @Override
          public void receive(InboundEvent event) {
            onReceive.run();
            heard.add(event);
          }

          @Override
          public void putAside(Undeliverable delivery) {
            throw new UnsupportedOperationException();
          }
        };
    new Poller(
            connectors,
            inbox,
            new Files(),
            watermarks,
            Duration.ofMinutes(2),
            Duration.ofHours(1),
            Clock.fixed(now, ZoneOffset.UTC),
            new SimpleMeterRegistry())
        .poll(LISTING);
  }

  private final class Files implements PairDirectory {
    @Override
    public Optional<Known> find(RecordRef ref) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean shows(RecordRef ref, NativeRecord state) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isKnown(RecordRef ref) {
      return false;
    }

    @Override
    public String titleOf(UUID pair) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean knows(RecordRef ref, List<NoteTrace> traces) {
      List<NoteTrace> left = new ArrayList<>(knownTraces);
      return traces.stream().allMatch(left::remove);
    }

    @Override
    public List<RecordRef> unlisted(String system, String kind, Instant from, Instant before) {
      assertThat(before).isBefore(now);
      return unlisted;
    }

    @Override
    public int keep(RecordRef ref, List<WorkNote> notes, boolean listed) {
      throw new UnsupportedOperationException();
    }
  }

  private static NativeRecord state(RecordRef ref) {
    return new NativeRecord(
        ref, ref.id(), "", Version.count(1), NOW, "", JsonNodeFactory.instance.objectNode());
  }

  @Test
  void looksBackOnTheFirstPollAndOverlapsOnLaterOnes() {
    poll();
    now = NOW.plusSeconds(30);
    poll();
    assertThat(asked)
        .containsExactly(NOW.minus(Duration.ofMinutes(62)), NOW.minus(Duration.ofMinutes(2)));
  }

  @Test
  void readsAllPages() {
    pages =
        page ->
            page.isEmpty()
                ? new Changes(List.of(state(ONE)), Map.of(), Set.of(), "next")
                : new Changes(List.of(state(TWO)), Map.of(), Set.of(), null);
    poll();
    assertThat(heard).extracting(InboundEvent::record).containsExactly(ONE, TWO);
  }

  @Test
  void asksAgainFromTheSameTimeWhenAPageFails() {
    poll();
    now = NOW.plusSeconds(30);
    pages =
        page -> {
          if (page.isEmpty()) {
            return new Changes(List.of(state(ONE)), Map.of(), Set.of(), "next");
          }
          throw new Unavailable("no answer");
        };
    poll();
    now = NOW.plusSeconds(60);
    pages = page -> new Changes(List.of(), Map.of(), Set.of(), null);
    poll();
    assertThat(asked.get(asked.size() - 1)).isEqualTo(NOW.minus(Duration.ofMinutes(2)));
  }

  @Test
  void asksAgainFromTheSameTimeWhenTheDatabaseTakesNothing() {
    pages = page -> new Changes(List.of(state(ONE)), Map.of(), Set.of(), null);
    onReceive =
        () -> {
          throw new DataAccessResourceFailureException("away");
        };
    assertThatThrownBy(this::poll).isInstanceOf(DataAccessResourceFailureException.class);
    assertThat(watermarks.find("itsm/incident")).isEmpty();
  }

  @Test
  void aLookAsksForTheRecordAndItsNotesUnlessTheListingToldTheRecord() {
    pages = page -> new Changes(List.of(state(ONE)), Map.of(), Set.of(ONE, TWO), null);
    poll();
    assertThat(heard).allMatch(InboundEvent::notesIncomplete);
    assertThat(heard.get(0).state()).isNotNull();
    assertThat(heard.get(1).state()).isNull();
  }

  @Test
  void notesOfTheListingComeWithTheirRecord() {
    var note = new WorkNote("n", "a", NOW, "text", Visibility.INTERNAL);
    pages =
        page ->
            new Changes(
                List.of(state(ONE)),
                Map.of(ONE, List.of(note), TWO, List.of(note)),
                Set.of(),
                null);
    poll();
    assertThat(heard).hasSize(2).allMatch(event -> event.notes().equals(List.of(note)));
  }

  /** Else every note heard by webhook would cost two reads at each poll of the overlap. */
  @Test
  void notesOnlyTracedAreAskedForUnlessAllAreKnown() {
    var trace = new NoteTrace(NOW, "restarted");
    pages = page -> traced(ONE, trace, null);
    poll();
    assertThat(heard).hasSize(1).allMatch(InboundEvent::notesIncomplete);
    heard.clear();
    knownTraces.add(trace);
    poll();
    assertThat(heard).isEmpty();
  }

  @Test
  void oneKnownNoteDoesNotAccountForTwoOnDifferentPages() {
    var trace = new NoteTrace(NOW, "restarted");
    knownTraces.add(trace);
    pages = page -> traced(ONE, trace, page.isEmpty() ? "next" : null);
    poll();
    assertThat(heard).hasSize(1).allMatch(InboundEvent::notesIncomplete);
  }

  private static Changes traced(RecordRef ref, NoteTrace trace, @Nullable String next) {
    return new Changes(List.of(), Map.of(), Set.of(), Map.of(ref, List.of(trace)), next);
  }

  @Test
  void aRecordWhoseOwnNoteNoListingShowedIsLookedAt() {
    pages = page -> new Changes(List.of(), Map.of(), Set.of(), null);
    unlisted.add(new RecordRef("servicenow", "incident", "7"));
    poll();
    assertThat(heard)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.record()).isEqualTo(unlisted.get(0));
              assertThat(event.notesIncomplete()).isTrue();
            });
  }
}
