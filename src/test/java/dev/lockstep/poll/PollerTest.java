package dev.lockstep.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.zaxxer.hikari.HikariDataSource;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.Finding;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.connector.SystemWatch;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.inbox.UnparseableWebhook;
import dev.lockstep.poll.WatermarkStore.Watermark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.Visibility;
import dev.lockstep.record.WorkNote;
import dev.lockstep.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.health.Status;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Polling hears everything at least once, whatever fails in between. */
class PollerTest {
  private static final HikariDataSource DATABASE = TestDatabase.migrated();
  private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
  private static final PollTarget LISTING =
      new PollTarget("itsm", "incident", Duration.ofSeconds(30));
  private static final Duration OVERLAP = Duration.ofMinutes(2);
  private static final String FEED = "list-changed-incident";
  private static final String NAME = "itsm/incident/" + FEED;
  private static final RecordRef ONE = new RecordRef("itsm", "incident", "1");
  private static final RecordRef TWO = new RecordRef("itsm", "incident", "2");

  private final List<InboundEvent> heard = new ArrayList<>();
  private final List<Instant> asked = new ArrayList<>();
  private WatermarkStore watermarks = new WatermarkStore(JdbcClient.create(DATABASE));
  private Instant now = NOW;
  private Pages pages = page -> new ChangePage(List.of(), Map.of(), Set.of(), null);
  private Lists lists = (feed, page) -> pages.page(page);
  private List<String> feeds = List.of(FEED);
  private List<String> noteFeeds = List.of();
  private NotesSince notes = record -> List.of();
  private List<RecordRef> open = List.of();
  private Supplier<Instant> systemNow = () -> now;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private @Nullable Poller poller;
  private @Nullable Connectors connectors;
  private Consumer<InboundEvent> onEvent = event -> {};
  private final List<Integer> requested = new ArrayList<>();
  private final List<NoteFingerprint> knownTraces = new ArrayList<>();

  private interface Lists {
    ChangePage page(String feed, Optional<String> page);
  }

  private interface NotesSince {
    List<WorkNote> since(RecordRef record);
  }

  private interface Pages {
    ChangePage page(Optional<String> page);
  }

  private final List<RecordRef> unlisted = new ArrayList<>();
  private Supplier<List<RecordRef>> lookUpUnlisted = () -> unlisted;

  @BeforeEach
  void forget() {
    JdbcClient.create(DATABASE).sql("truncate watermark, system_check").update();
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  private void poll() {
    if (poller == null) {
      poller = poller();
    }
    poller.poll(LISTING);
  }

  private Poller poller() {
    Connectors connectors =
        (Connectors)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connectors.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "feeds" -> feeds;
                      case "noteFeeds" -> noteFeeds;
                      case "notesSince" -> {
                        asked.add((Instant) arguments[2]);
                        yield notes.since((RecordRef) arguments[0]);
                      }
                      case "listsNotes" -> !unlisted.isEmpty();
                      case "title" -> "ITSM";
                      case "now" -> systemNow.get();
                      case "listChanged" -> {
                        asked.add((Instant) arguments[3]);
                        @SuppressWarnings("unchecked")
                        var page = (Optional<String>) arguments[4];
                        yield lists.page((String) arguments[2], page);
                      }
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    Inbox inbox =
        new Inbox() {
          @Override
          public void receive(InboundEvent event) {
            onEvent.accept(event);
            heard.add(event);
          }

          @Override
          public void addDeadLetter(UnparseableWebhook delivery) {
            throw new UnsupportedOperationException();
          }
        };
    this.connectors = connectors;
    return new Poller(
        connectors,
        inbox,
        new Files(),
        watermarks,
        new PollSettings(OVERLAP, Duration.ofHours(1)),
        new NowClock(),
        metrics);
  }

  private final class NowClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final class Files implements PairLookup {
    @Override
    public Optional<KnownRecord> find(RecordRef ref) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasSameState(KnownRecord known, NativeRecord state) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isKnown(RecordRef ref) {
      return false;
    }

    @Override
    public List<RecordRef> findOpenForNotes(String system, String kind) {
      return open;
    }

    @Override
    public String titleOf(UUID pair) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean knowsNotes(RecordRef ref, List<NoteFingerprint> traces) {
      List<NoteFingerprint> left = new ArrayList<>(knownTraces);
      return traces.stream().allMatch(left::remove);
    }

    @Override
    public List<RecordRef> findUnlisted(String system, String kind, Instant from, Instant before) {
      assertThat(before).isBefore(now);
      return lookUpUnlisted.get();
    }

    @Override
    public int insertNewNotes(RecordRef ref, List<WorkNote> notes, boolean listed) {
      throw new UnsupportedOperationException();
    }
  }

  private static NativeRecord state(RecordRef ref) {
    return state(ref, NOW);
  }

  private static NativeRecord state(RecordRef ref, Instant updatedAt) {
    return new NativeRecord(
        ref, ref.id(), "", Version.count(1), updatedAt, "", JsonNodeFactory.instance.objectNode());
  }

  private static ChangePage nothing() {
    return new ChangePage(List.of(), Map.of(), Set.of(), null);
  }

  private static ChangePage.Page page(@Nullable Instant newest, @Nullable String content) {
    return new ChangePage.Page(newest, print(content), Map.of(), List.of());
  }

  private static @Nullable UUID print(@Nullable String content) {
    return content == null ? null : UUID.nameUUIDFromBytes(content.getBytes(UTF_8));
  }

  /** A page as a system lists it: one record, told apart from others by its time. */
  private static ChangePage listed(RecordRef ref, Instant updatedAt, @Nullable String next) {
    return new ChangePage(
        List.of(state(ref, updatedAt)),
        Map.of(),
        Set.of(),
        Map.of(),
        next,
        new ChangePage.Page(
            updatedAt,
            print(ref + "@" + updatedAt),
            Map.of(ref, print("" + updatedAt)),
            List.of()));
  }

  private Instant lastAsked() {
    return asked.get(asked.size() - 1);
  }

  private Watermark watermark() {
    return watermarks.find(NAME).orElseThrow();
  }

  /** As after a start: what a process remembers is gone. */
  private void restart() {
    poller = null;
  }

  @Test
  void looksBackOnTheFirstPollAndFromTheNewestSeenOnLaterOnes() {
    Instant seen = NOW.minusSeconds(10);
    pages = page -> listed(ONE, seen, null);
    poll();
    now = NOW.plusSeconds(30);
    poll();
    assertThat(asked)
        .containsExactly(NOW.minus(Duration.ofHours(1)).minus(OVERLAP), seen.minus(OVERLAP));
  }

  @Test
  void asksFromTheSameTimeAsLongAsNothingIsSeen() {
    poll();
    now = NOW.plus(Duration.ofHours(5));
    poll();
    assertThat(lastAsked()).isEqualTo(asked.get(0));
  }

  /** Its clock, told by its first answer, counts; ours may be anywhere. */
  @ParameterizedTest
  @ValueSource(longs = {-86_400, -300, 300, 86_400})
  void looksBackByTheClockOfTheSystem(long apart) {
    Instant theirs = NOW.plusSeconds(apart);
    systemNow = () -> asked.isEmpty() ? now : theirs;
    poll();
    assertThat(lastAsked()).isBeforeOrEqualTo(theirs.minus(Duration.ofHours(1)).minus(OVERLAP));
    assertThat(asked).hasSizeLessThanOrEqualTo(2);
  }

  /** Whatever both clocks do: a change is dated after what the system dated before. */
  @ParameterizedTest
  @ValueSource(longs = {-86_400, -300, 0, 300, 86_400})
  void findsWhatChangedWhateverTheClocksSay(long apart) {
    Instant first = NOW.plusSeconds(apart);
    pages = page -> listed(ONE, first, null);
    // Records may be dated by another clock than the Date header, though not by a day.
    systemNow = () -> Math.abs(apart) > 300 ? first : NOW;
    poll();
    now = NOW.minus(Duration.ofDays(3));
    Instant second = first.plusSeconds(1);
    pages = page -> lastAsked().isAfter(second) ? nothing() : listed(TWO, second, null);
    poll();
    assertThat(heard).extracting(InboundEvent::record).containsExactly(ONE, TWO);
  }

  @Test
  void aRecordDatedInTheFutureHidesNothing() {
    pages = page -> listed(ONE, NOW.plus(Duration.ofDays(9000)), null);
    poll();
    assertThat(watermark().since()).isEqualTo(NOW);
  }

  @Test
  void handsOverOnceWhatTheOverlapShowsAgain() {
    pages = page -> listed(ONE, NOW, null);
    poll();
    poll();
    assertThat(heard).hasSize(1);
    pages = page -> listed(ONE, NOW.plusSeconds(1), null);
    poll();
    assertThat(heard).hasSize(2);
    restart();
    poll();
    assertThat(heard).hasSize(3);
  }

  @Test
  void readsAllPages() {
    pages =
        page ->
            page.isEmpty()
                ? new ChangePage(List.of(state(ONE)), Map.of(), Set.of(), "next")
                : new ChangePage(List.of(state(TWO)), Map.of(), Set.of(), null);
    poll();
    assertThat(heard).extracting(InboundEvent::record).containsExactly(ONE, TWO);
  }

  /** Five pages, and the third is refused for a while. */
  private ChangePage fivePages(Optional<String> page, Runnable beforeThird) {
    int number = page.map(Integer::parseInt).orElse(1);
    requested.add(number);
    if (number == 3) {
      beforeThird.run();
    }
    RecordRef ref = new RecordRef("itsm", "incident", String.valueOf(number));
    return listed(
        ref, NOW.minusSeconds(100 - number), number == 5 ? null : String.valueOf(number + 1));
  }

  static Stream<RuntimeException> interruptions() {
    return Stream.of(
        new RetryLaterException(Duration.ofSeconds(7), "the rate is used up"),
        new SystemUnavailableException("no answer"));
  }

  @ParameterizedTest
  @MethodSource("interruptions")
  void continuesAtThePageThatWasInterrupted(RuntimeException interruption) {
    pages =
        page ->
            fivePages(
                page,
                () -> {
                  throw interruption;
                });
    poll();
    restart();
    now = NOW.plus(Duration.ofHours(1));
    pages = page -> fivePages(page, () -> {});
    poll();
    assertThat(requested).containsExactly(1, 2, 3, 3, 4, 5);
    assertThat(heard)
        .extracting(event -> event.record().id())
        .containsExactly("1", "2", "3", "4", "5");
    assertThat(Set.copyOf(asked)).hasSize(1);
    assertThat(watermark().since()).isEqualTo(NOW.minusSeconds(95));
    assertThat(watermark().problem()).isNull();
  }

  /** A page may be known to the system for some time only. */
  @Test
  void beginsAnewWhereThePageIsRefused() {
    pages =
        page ->
            fivePages(
                page,
                () -> {
                  throw new RequestRejectedException(400, "list", "no such token", "Nothing.");
                });
    poll();
    pages = page -> fivePages(page, () -> {});
    poll();
    assertThat(requested).containsExactly(1, 2, 3, 1, 2, 3, 4, 5);
    assertThat(heard).extracting(event -> event.record().id()).contains("1", "2", "3", "4", "5");
  }

  @Test
  void aRefusedFeedStopsNoOther() {
    feeds = List.of("refused", FEED, "odd");
    lists =
        (feed, page) ->
            switch (feed) {
              case "refused" ->
                  throw new RequestRejectedException(403, "list", "ACL", "Grant read.");
              case "odd" -> throw new IllegalStateException("a fault");
              default -> listed(ONE, NOW, null);
            };
    poll();
    poll();
    assertThat(heard).hasSize(1);
    assertThat(watermark().since()).isEqualTo(NOW);
    Watermark refused = watermarks.find("itsm/incident/refused").orElseThrow();
    assertThat(refused.problem()).isEqualTo("403. Grant read. Answer: ACL");
    assertThat(refused.problemSince()).isEqualTo(NOW);
    assertThat(watermarks.find("itsm/incident/odd").orElseThrow().problem()).contains("a fault");
    assertThat(
            metrics
                .get("lockstep.polls.failed")
                .tag("feed", "itsm/incident/refused")
                .counter()
                .count())
        .isEqualTo(2);
    lists = (feed, page) -> nothing();
    now = NOW.plusSeconds(30);
    poll();
    assertThat(watermarks.find("itsm/incident/refused").orElseThrow())
        .extracting(Watermark::problem, Watermark::problemSince, Watermark::succeededAt)
        .containsExactly(null, null, now);
  }

  @ParameterizedTest
  @ValueSource(strings = {"same page", "same items", "in a circle"})
  void reportsPagesThatDoNotAdvance(String how) {
    pages =
        page ->
            switch (how) {
              case "same page" -> listed(ONE, NOW.plusNanos(1000L * asked.size()), "next");
              case "same items" -> listed(ONE, NOW, "next" + asked.size());
              default ->
                  listed(
                      ONE,
                      NOW.plusNanos(1000L * asked.size()),
                      page.filter("a"::equals).isPresent() ? "b" : "a");
            };
    poll();
    assertThat(asked).hasSizeLessThanOrEqualTo(3);
    assertThat(heard).extracting(InboundEvent::record).contains(ONE);
    assertThat(watermark().problem()).contains("do not advance");
    assertThat(watermark().page()).isNull();
    assertThat(watermark().succeededAt()).isNull();
  }

  @Test
  void reportsWhatItLeavesOut() {
    pages =
        page ->
            new ChangePage(
                List.of(state(ONE)),
                Map.of(),
                Set.of(),
                Map.of(),
                null,
                new ChangePage.Page(NOW, null, Map.of(), List.of("INC2: no version")));
    poll();
    assertThat(heard).hasSize(1);
    assertThat(watermark().skipped()).isEqualTo("INC2: no version");
    assertThat(watermark().problem()).isNull();
    assertThat(metrics.get("lockstep.records.skipped").counter().count()).isEqualTo(1);
  }

  private PausedSystems paused = system -> Optional.empty();

  private SystemsHealth health(ConnectorHealth.Health system) {
    return new SystemsHealth(
        () -> List.of(system),
        Objects.requireNonNull(connectors),
        new PollTarget.Plan(List.of(LISTING)),
        watermarks,
        name -> paused.find(name),
        checks(),
        () -> Map.of("itsm", Set.of()),
        new NowClock(),
        metrics);
  }

  /** By name of a check what the system shows. */
  private final Map<String, Finding> found = new TreeMap<>();

  private RecurringChecks checks() {
    SystemWatch watch =
        new SystemWatch() {
          @Override
          public List<String> repairable(String system) {
            return List.copyOf(found.keySet());
          }

          @Override
          public Watched watch(String system, String name, Set<String> types, boolean repairs) {
            return new Watched(Objects.requireNonNull(found.get(name)), List.of());
          }
        };
    return new RecurringChecks(
        watch,
        new PollTarget.Plan(List.of(LISTING)),
        Map::of,
        new AuditStore(JdbcClient.create(DATABASE), new ObjectMapper(), new NowClock()),
        new CheckResultStore(JdbcClient.create(DATABASE)),
        new CheckSettings(Duration.ofMinutes(5), true),
        new SimpleMeterRegistry(),
        new NowClock());
  }

  private static final ConnectorHealth.CallBudget BUDGET =
      new ConnectorHealth.CallBudget(9, 10, Duration.ofSeconds(1));

  private static ConnectorHealth.Health calls(String trouble) {
    return new ConnectorHealth.Health("itsm", "ITSM", "CLOSED", null, BUDGET, trouble, false, null);
  }

  private double gauge(String name) {
    return metrics.get(name).tag("system", "itsm").gauge().value();
  }

  @Test
  void healthShowsEachSystemAndFeed() {
    feeds = List.of("refused", FEED);
    lists =
        (feed, page) -> {
          if (feed.equals("refused")) {
            throw new RequestRejectedException(403, "list", "ACL", "Grant read.");
          }
          return listed(ONE, NOW, null);
        };
    poll();
    now = NOW.plusSeconds(30);
    SystemsHealth health = health(calls(""));
    assertThat(health.health().getStatus()).isEqualTo(SystemsHealth.DEGRADED);
    JsonNode itsm =
        new ObjectMapper()
            .findAndRegisterModules()
            .valueToTree(health.health().getDetails())
            .path("itsm");
    JsonNode refused = itsm.path("feeds").path("itsm/incident/refused");
    assertThat(refused.path("problem").asText()).isEqualTo("403. Grant read. Answer: ACL");
    assertThat(refused.has("lastSuccess")).isFalse();
    JsonNode read = itsm.path("feeds").path(NAME);
    assertThat(read.has("problem")).isFalse();
    assertThat(read.path("lagSeconds").asLong()).isEqualTo(30);
    assertThat(gauge("lockstep.system.up")).isEqualTo(1);
    assertThat(metrics.get("lockstep.feed.up").tag("feed", NAME).gauge().value()).isEqualTo(1);
    assertThat(metrics.get("lockstep.feed.up").tag("feed", "itsm/incident/refused").gauge().value())
        .isZero();
    now = NOW.plus(Duration.ofMinutes(10));
    assertThat(gauge("lockstep.system.up")).as("late is not up").isZero();
    assertThat(metrics.get("lockstep.feed.age.seconds").tag("feed", NAME).gauge().value())
        .isEqualTo(600);
  }

  @Test
  void healthIsUpWhenAllIsReadAndTellsOfRefusedCredentials() {
    poll();
    assertThat(health(calls("")).health().getStatus()).isEqualTo(Status.UP);
    metrics.clear();
    SystemsHealth lockedOut = health(calls("Check ITSM_TOKEN."));
    assertThat(lockedOut.health().getStatus()).isEqualTo(SystemsHealth.DEGRADED);
    assertThat(lockedOut.health().getDetails().toString()).contains("Check ITSM_TOKEN.");
    assertThat(gauge("lockstep.system.up")).isZero();
  }

  @Test
  void whileTheDatabaseIsAwayHealthWaitsForItOnce() {
    Duration wait = Duration.ofSeconds(3);
    poll();
    paused = system -> Optional.of("frozen");
    AtomicBoolean isDatabaseAway = new AtomicBoolean();
    AtomicInteger waits = new AtomicInteger();
    watermarks =
        new WatermarkStore(JdbcClient.create(DATABASE)) {
          @Override
          Map<String, Watermark> all() {
            if (!isDatabaseAway.get()) {
              return super.all();
            }
            waits.incrementAndGet();
            now = now.plus(wait);
            throw new DataAccessResourceFailureException("away");
          }
        };
    SystemsHealth health = health(calls(""));
    assertThat(health.health().getDetails().toString()).contains("paused=frozen");
    paused =
        system -> {
          if (isDatabaseAway.get()) {
            waits.incrementAndGet();
            now = now.plus(wait);
          }
          return Optional.empty();
        };
    now = NOW.plusSeconds(2);
    isDatabaseAway.set(true);
    assertThat(health.health().getDetails().toString()).contains("paused=frozen");
    assertThat(health.states()).hasSize(1);
    assertThat(gauge("lockstep.system.up")).isEqualTo(1);
    assertThat(waits).hasValue(1);

    isDatabaseAway.set(false);
    now = now.plus(SystemsHealth.AWAY_KEPT).plusMillis(1);
    assertThat(health.health().getDetails().toString()).doesNotContain("paused");
  }

  @Test
  void aCheckThatFailsDegradesItsSystemAndOneNobodyAskedDoesNot() {
    poll();
    found.put(
        "hook", new Finding("itsm", "ITSM", "hook", Finding.Status.FAIL, "it is off", "Look."));
    SystemsHealth health = health(calls(""));
    assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    assertThat(health.states().get(0).checks())
        .extracting(SystemStates.Check::state)
        .containsExactly(SystemStates.CheckState.UNKNOWN);
    assertThat(health.health().getDetails().toString()).contains("checks={hook={status=UNKNOWN}}");

    checks().run();
    now = NOW.plusSeconds(2);
    assertThat(health.health().getStatus()).isEqualTo(SystemsHealth.DEGRADED);
    assertThat(health.health().getDetails().toString())
        .contains("checks={hook={status=FAIL, found=it is off, askedAt=" + NOW);
    assertThat(health.states())
        .singleElement()
        .satisfies(
            state -> {
              assertThat(state.degraded()).isTrue();
              assertThat(state.up()).isTrue();
              assertThat(state.sendsWebhooks()).isTrue();
              assertThat(state.checks().get(0).advice()).isEqualTo("Look.");
            });
  }

  @Test
  void aBrokenClientEndsLiveness() {
    assertThat(new ClientsHealth(() -> List.of(calls("x"))).health().getStatus())
        .isEqualTo(Status.UP);
    ConnectorHealth.Health broken =
        new ConnectorHealth.Health("itsm", "ITSM", "CLOSED", null, BUDGET, "", true, null);
    assertThat(new ClientsHealth(() -> List.of(broken)).health().getStatus())
        .isEqualTo(Status.DOWN);
  }

  /** The notes traced on the pages before are not known any more. */
  @Test
  void fetchesTheNotesThatAContinuedListingTraces() {
    var trace = new NoteFingerprint("", NOW, "restarted");
    knownTraces.add(trace);
    pages =
        page -> {
          if (page.isPresent()) {
            throw new SystemUnavailableException("no answer");
          }
          return traced(ONE, trace, "next");
        };
    poll();
    assertThat(heard).isEmpty();
    pages = page -> traced(ONE, trace, null);
    poll();
    assertThat(heard).hasSize(1).allMatch(InboundEvent::notesIncomplete);
  }

  @Test
  void asksAgainFromTheSameTimeWhenTheDatabaseTakesNothing() {
    pages = page -> new ChangePage(List.of(state(ONE)), Map.of(), Set.of(), null);
    onEvent =
        event -> {
          throw new DataAccessResourceFailureException("away");
        };
    assertThatThrownBy(this::poll).isInstanceOf(DataAccessResourceFailureException.class);
    assertThat(watermarks.find(NAME)).isEmpty();
  }

  /** What is shown of the record is lost, but that there is something to fetch is not. */
  @Test
  void aRecordThatTheDatabaseRefusesIsFetchedAndStopsNoOther() {
    pages = page -> new ChangePage(List.of(state(ONE), state(TWO)), Map.of(), Set.of(), null);
    onEvent =
        event -> {
          if (event.record().equals(ONE) && event.state() != null) {
            throw new DataIntegrityViolationException("value too long for type");
          }
        };
    poll();
    assertThat(heard)
        .extracting(InboundEvent::record, event -> event.state() == null)
        .containsExactlyInAnyOrder(tuple(ONE, true), tuple(TWO, false));
    assertThat(heard.get(0).notesIncomplete()).isTrue();
    assertThat(watermark().succeededAt()).isEqualTo(NOW);
  }

  @Test
  void aFeedNothingOfWhichCanBeKeptIsReportedAndStopsNoOther() {
    feeds = List.of("refused", FEED);
    lists = (feed, page) -> listed(feed.equals(FEED) ? ONE : TWO, NOW, null);
    onEvent =
        event -> {
          if (event.record().equals(TWO)) {
            throw new BadSqlGrammarException("keep", "insert", new SQLException("no", "42501"));
          }
        };
    poll();
    assertThat(heard).extracting(InboundEvent::record).containsExactly(ONE);
    Watermark refused = watermarks.find("itsm/incident/refused").orElseThrow();
    assertThat(refused.problem()).contains("internal error", "insert");
    assertThat(refused.succeededAt()).isNull();
    assertThat(watermark().problem()).isNull();
  }

  @Test
  void aLookAsksForTheRecordAndItsNotesUnlessTheListingToldTheRecord() {
    pages = page -> new ChangePage(List.of(state(ONE)), Map.of(), Set.of(ONE, TWO), null);
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
            new ChangePage(
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
    var trace = new NoteFingerprint("", NOW, "restarted");
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
    var trace = new NoteFingerprint("", NOW, "restarted");
    knownTraces.add(trace);
    pages = page -> traced(ONE, trace, page.isEmpty() ? "next" : null);
    poll();
    assertThat(heard).hasSize(1).allMatch(InboundEvent::notesIncomplete);
  }

  /** Newer entries push older ones to the next page while the pages are read. */
  @Test
  void anEntryShownOnTwoPagesIsOneNote() {
    var trace = new NoteFingerprint("R1", NOW, "restarted");
    knownTraces.add(trace);
    pages = page -> traced(ONE, trace, page.isEmpty() ? "next" : null);
    poll();
    assertThat(heard).isEmpty();
  }

  private static ChangePage traced(RecordRef ref, NoteFingerprint trace, @Nullable String next) {
    return new ChangePage(
        List.of(), Map.of(), Set.of(), Map.of(ref, List.of(trace)), next, page(null, null));
  }

  @Test
  void aRecordWhoseOwnNoteNoListingShowedIsLookedAt() {
    pages = page -> new ChangePage(List.of(), Map.of(), Set.of(), null);
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

  private static BadSqlGrammarException sqlFault() {
    return new BadSqlGrammarException("find", "select", new SQLException("no column", "42703"));
  }

  private double failures(String feed) {
    return metrics.get("lockstep.polls.failed").tag("feed", feed).counter().count();
  }

  /** Neither its own watermark nor the place where that would be reported can be read. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWatermarkThatCannotBeReadIsReportedAndStopsNoOtherFeed(boolean reportable) {
    feeds = List.of("odd", FEED);
    String odd = "itsm/incident/odd";
    watermarks =
        new WatermarkStore(JdbcClient.create(DATABASE)) {
          @Override
          Optional<Watermark> find(String feed) {
            if (feed.equals(odd)) {
              throw sqlFault();
            }
            return super.find(feed);
          }

          @Override
          void fail(String feed, String problem, boolean restarts, Instant at) {
            if (!reportable) {
              throw sqlFault();
            }
            super.fail(feed, problem, restarts, at);
          }
        };
    lists = (feed, page) -> listed(ONE, NOW, null);
    poll();
    assertThat(heard).extracting(InboundEvent::record).containsExactly(ONE);
    assertThat(watermark().succeededAt()).isEqualTo(NOW);
    assertThat(failures(odd)).isEqualTo(1);
    assertThat(watermarks.all().containsKey(odd)).isEqualTo(reportable);
    if (reportable) {
      assertThat(watermarks.all().get(odd).problem()).contains("internal error", "select");
    }
  }

  @Test
  void aFaultInLookingForUnlistedNotesIsReportedLikeThatOfAFeedAndShownInHealth() {
    unlisted.add(new RecordRef("servicenow", "incident", "7"));
    lookUpUnlisted =
        () -> {
          throw sqlFault();
        };
    String check = LISTING.name(Poller.UNLISTED);
    poll();
    assertThat(watermark().succeededAt()).isEqualTo(NOW);
    assertThat(failures(check)).isEqualTo(1);
    SystemsHealth failing = health(calls(""));
    assertThat(failing.health().getStatus()).isEqualTo(SystemsHealth.DEGRADED);
    assertThat(failing.health().getDetails().toString())
        .contains(check, "internal error")
        .doesNotContain("not read for");
    lookUpUnlisted = () -> unlisted;
    now = NOW.plusSeconds(30);
    poll();
    assertThat(heard).extracting(InboundEvent::record).containsExactly(unlisted.get(0));
    assertThat(failing.health().getStatus()).isEqualTo(Status.UP);
    assertThat(failing.health().getDetails().toString()).doesNotContain(check);
  }

  private static WorkNote note(String id) {
    return new WorkNote(id, "ann", NOW, "note " + id, Visibility.INTERNAL);
  }

  private void asksRecordByRecord() {
    feeds = List.of();
    noteFeeds = List.of("list-new-notes");
    open = List.of(TWO, ONE);
  }

  @Test
  void notesAreAskedForRecordByRecord() {
    asksRecordByRecord();
    notes = record -> record.equals(ONE) ? List.of(note("a")) : List.of();
    poll();
    now = NOW.plusSeconds(300);
    poll();

    assertThat(heard)
        .extracting(InboundEvent::record, event -> event.notes().size(), InboundEvent::state)
        .containsExactly(tuple(ONE, 1, null), tuple(ONE, 1, null));
    Instant first = NOW.minus(Duration.ofHours(1)).minus(OVERLAP);
    Instant second = NOW.minus(OVERLAP);
    assertThat(asked).containsExactly(first, first, second, second);
  }

  /** The calls are limited: what was read need not be read again. */
  @Test
  void anInterruptedReadingGoesOnWithTheNextRecord() {
    asksRecordByRecord();
    List<RecordRef> read = new ArrayList<>();
    notes =
        record -> {
          if (record.equals(TWO) && now.equals(NOW)) {
            throw new RetryLaterException(Duration.ofSeconds(30), "too many calls");
          }
          read.add(record);
          return List.of();
        };
    poll();
    now = NOW.plusSeconds(300);
    poll();
    assertThat(read).containsExactly(ONE, TWO);

    // What was written since the first half was read is not lost.
    now = NOW.plusSeconds(600);
    poll();
    assertThat(asked.get(asked.size() - 1)).isEqualTo(NOW.minus(OVERLAP));
    assertThat(read).containsExactly(ONE, TWO, ONE, TWO);
  }

  @Test
  void aRecordWhoseNotesCannotBeReadBlocksNoOther() {
    asksRecordByRecord();
    notes =
        record -> {
          if (record.equals(ONE)) {
            throw new RequestRejectedException(200, "list", "not_in_channel", "Invite it.");
          }
          return List.of(note("b"));
        };
    poll();

    assertThat(heard).extracting(InboundEvent::record).containsExactly(TWO);
    assertThat(watermarks.find("itsm/incident/list-new-notes").orElseThrow().skipped())
        .contains("itsm/incident/1")
        .contains("not_in_channel");
  }

  @Test
  void aRecordThatIsGoneIsLookedAt() {
    asksRecordByRecord();
    notes =
        record -> {
          throw new RecordNotFoundException(record);
        };
    poll();

    assertThat(heard)
        .extracting(InboundEvent::record, InboundEvent::notesIncomplete)
        .containsExactly(tuple(ONE, true), tuple(TWO, true));
  }
}
