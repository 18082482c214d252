package dev.lockstep.backfill;

import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.BackfillStore.Counts;
import dev.lockstep.backfill.BackfillStore.Waiting;
import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.poll.PollTarget;
import dev.lockstep.record.RecordRef;
import dev.lockstep.sync.PairStarter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Works on the run that is not finished, a round at a time: reads the next page of a feed if little
 * waits, and passes the next records on to the inbox, like received events. Where it goes on is
 * stored after each step, so a run survives a crash; a step that is repeated has no effect.
 */
@Component
class Backfiller {
  /** Interval of the rounds. */
  static final Duration ROUND = Duration.ofSeconds(2);

  /** The source of its events, in metrics. */
  private static final String SOURCE = "backfill";

  private static final int ROUNDS_PER_MINUTE =
      (int) (Duration.ofMinutes(1).toMillis() / ROUND.toMillis());
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(Backfiller.class);

  private final BackfillStore store;
  private final Connectors connectors;
  private final PollTarget.Plan polls;
  private final PairStarter starter;
  private final Inbox inbox;
  private final BackfillSettings settings;
  private final Clock clock;

  Backfiller(
      BackfillStore store,
      Connectors connectors,
      PollTarget.Plan polls,
      PairStarter starter,
      Inbox inbox,
      BackfillSettings settings,
      Clock clock) {
    this.store = store;
    this.connectors = connectors;
    this.polls = polls;
    this.starter = starter;
    this.inbox = inbox;
    this.settings = settings;
    this.clock = clock;
  }

  /** A feed of a kind of records. */
  record Feed(String system, String kind, String name) {}

  /**
   * The feeds in the order in which they are read: of each mapping the left system first.
   *
   * @return empty if none of them takes the query
   */
  List<Feed> feeds(Selection selection) {
    return polls.targets().stream()
        .filter(target -> selection.kind().isEmpty() || target.kind().equals(selection.kind()))
        .filter(
            target -> selection.system().isEmpty() || target.system().equals(selection.system()))
        .flatMap(
            target ->
                connectors.feeds(target.system(), target.kind()).stream()
                    .filter(
                        name ->
                            selection.query().isEmpty()
                                || connectors.takesQuery(target.system(), target.kind(), name))
                    .map(name -> new Feed(target.system(), target.kind(), name)))
        .toList();
  }

  void runRound() {
    Backfill run = store.findRunning().orElse(null);
    if (run == null
        || run.nextAt().isAfter(clock.instant())
        || store.countInboxWork() >= settings.waiting()) {
      return;
    }
    try {
      int most = Math.max(1, settings.recordsPerMinute() / ROUNDS_PER_MINUTE);
      List<Waiting> waiting = store.waiting(run, most);
      if (waiting.size() < most && readsOn(run)) {
        readPage(run);
        waiting = store.waiting(run, most);
      }
      waiting.forEach(record -> decide(run, record));
      if (waiting.isEmpty() && run.feed() >= run.feeds()) {
        finish(run);
      } else if (!waiting.isEmpty()) {
        Duration paced =
            Duration.ofMinutes(1)
                .multipliedBy(waiting.size())
                .dividedBy(settings.recordsPerMinute());
        store.waitUntil(run, clock.instant().plus(paced), null);
      }
    } catch (RetryLaterException e) {
      store.waitUntil(run, clock.instant().plus(e.delay()), e.getMessage());
    } catch (SystemUnavailableException e) {
      store.waitUntil(run, clock.instant().plus(RETRY_AFTER), e.getMessage());
    } catch (RequestRejectedException e) {
      LOG.warn("The backfill cannot go on: {}. {}", e.getMessage(), e.advice());
      store.waitUntil(
          run,
          clock.instant().plus(RETRY_AFTER),
          e.status() + ". " + e.advice() + " " + e.answer());
    }
  }

  /**
   * A record that names its counterpart must be processed before that one is read, which would
   * start a pair of its own.
   */
  private boolean readsOn(Backfill run) {
    if (run.feed() >= run.feeds()) {
      return false;
    }
    if (run.adoptBy().isEmpty() || run.page() != null) {
      return true;
    }
    Counts counts = store.count(run);
    return counts.waiting() == 0 && counts.pending() == 0;
  }

  private void readPage(Backfill run) {
    List<Feed> feeds = feeds(run.selection());
    if (feeds.size() != run.feeds()) {
      LOG.warn("The backfill ends: the mappings in use have changed; start it again");
      store.stop("");
      return;
    }
    Feed feed = feeds.get(run.feed());
    ChangePage page = list(run, feed);
    Set<RecordRef> found = new LinkedHashSet<>(page.toFetch());
    page.records().stream().filter(starter::mayStart).forEach(record -> found.add(record.ref()));
    found.forEach(record -> store.add(run, record, Map.of()));
    store.advance(run, page.nextPage(), page.page().newest(), clock.instant());
  }

  private ChangePage list(Backfill run, Feed feed) {
    String query = run.selection().query();
    Instant since = Objects.requireNonNull(run.since());
    Optional<String> page = Optional.ofNullable(run.page());
    return query.isEmpty()
        ? connectors.listChanged(feed.system(), feed.kind(), feed.name(), since, page)
        : connectors.listMatching(feed.system(), feed.kind(), feed.name(), query, since, page);
  }

  /** Passes a record on, unless its plan is based on another state than its systems show. */
  private void decide(Backfill run, Waiting waiting) {
    String changed = changed(waiting);
    if (changed.isEmpty()) {
      Set<RecordRef> records = new LinkedHashSet<>();
      waiting.basis().keySet().forEach(name -> records.add(RecordRef.parse(name)));
      records.add(waiting.record());
      records.forEach(record -> store.addQueued(run, record));
      records.forEach(record -> inbox.receive(event(record)));
    } else {
      LOG.info("{} is not written to as planned: {}", waiting.record(), changed);
    }
    store.decide(run, waiting.record(), changed);
  }

  private String changed(Waiting waiting) {
    for (Map.Entry<String, String> planned : waiting.basis().entrySet()) {
      try {
        NativeRecord now = connectors.fetch(RecordRef.parse(planned.getKey()));
        if (!now.version().toString().equals(planned.getValue())) {
          return now.key() + " was changed after the plan was made; plan again";
        }
      } catch (RecordNotFoundException e) {
        return planned.getKey() + " does not exist any more; plan again";
      }
    }
    return "";
  }

  private InboundEvent event(RecordRef record) {
    return new InboundEvent(SOURCE, "", record, null, List.of(), true, clock.instant());
  }

  private void finish(Backfill run) {
    store.finish(run);
    LOG.info("Backfill finished: {} records passed on", store.count(run).found());
  }

  /** Estimated share of the reading that is done, from 0 to 1. */
  double done(Backfill run, Instant now) {
    if (run.feeds() == 0 || run.feed() >= run.feeds()) {
      return 1;
    }
    Instant since = run.since();
    Instant newest = run.newest();
    double ofFeed =
        since == null || newest == null
            ? 0
            : (double) Duration.between(since, newest).toMillis()
                / Math.max(1, Duration.between(since, now).toMillis());
    return (run.feed() + Math.max(0, Math.min(1, ofFeed))) / run.feeds();
  }
}
