package dev.lockstep.poll;

import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.poll.WatermarkStore.Watermark;
import dev.lockstep.record.RecordRef;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a feed from its watermark to its end and dispatches its changes.
 *
 * <p>It begins at the newest timestamp the feed returned, by the system's own clock, minus an
 * overlap, since a system may list a change later than its timestamp. The watermark advances only
 * after everything before it is in the inbox; the page is stored, so that an interrupted reading
 * continues where it stopped. What the overlap returns again is recognized.
 */
final class FeedReader {
  private final Connectors connectors;
  private final PairLookup pairs;
  private final WatermarkStore watermarks;
  private final ChangeDispatcher dispatcher;
  private final PollSettings settings;
  private final Clock clock;
  private final MeterRegistry metrics;

  /** By feed, what the last reading returned for each record. */
  private final Map<String, Map<RecordRef, UUID>> dispatched = new ConcurrentHashMap<>();

  FeedReader(
      Connectors connectors,
      PairLookup pairs,
      WatermarkStore watermarks,
      ChangeDispatcher dispatcher,
      PollSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.connectors = connectors;
    this.pairs = pairs;
    this.watermarks = watermarks;
    this.dispatcher = dispatcher;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
  }

  /**
   * @return what could not be read; null if everything was read
   */
  @Nullable String read(PollTarget target, String feed, Optional<Watermark> before) {
    String name = target.name(feed);
    FeedReading reading = new FeedReading(dispatched.getOrDefault(name, Map.of()), before);
    String page = before.map(Watermark::page).orElse(null);
    Start start = start(target, feed, before);
    ChangePage changes = start.changes();
    while (true) {
      dispatch(target, name, changes, reading);
      String next = changes.nextPage();
      if (next == null) {
        break;
      }
      if (!reading.advances(page, changes.page().content(), next)) {
        throw stuck(target, next);
      }
      watermarks.savePage(name, start.since(), next, reading.newest());
      page = next;
      changes = list(target, feed, start.since(), Optional.of(page));
    }
    Instant watermark = reading.watermark(start.since(), connectors.now(target.system()));
    watermarks.finish(name, watermark, reading.skipped(), clock.instant());
    dispatched.put(name, reading.fingerprints());
    return reading.skipped();
  }

  /** Has the next reading dispatch everything that it returns. */
  void forget(String name) {
    dispatched.remove(name);
  }

  private record Start(Instant since, ChangePage changes) {}

  private Start start(PollTarget target, String feed, Optional<Watermark> before) {
    Optional<Instant> known = before.map(Watermark::since);
    if (known.isPresent()) {
      Instant since = known.get();
      return new Start(since, list(target, feed, since, before.map(Watermark::page)));
    }
    Instant since = firstWatermark(target);
    ChangePage changes = list(target, feed, since, Optional.empty());
    // Only the first response determines the system's time.
    Instant byItsClock = firstWatermark(target);
    return byItsClock.isBefore(since)
        ? new Start(byItsClock, list(target, feed, byItsClock, Optional.empty()))
        : new Start(since, changes);
  }

  private Instant firstWatermark(PollTarget target) {
    return connectors.now(target.system()).minus(settings.firstLookBack());
  }

  private ChangePage list(PollTarget target, String feed, Instant since, Optional<String> page) {
    return connectors.listChanged(
        target.system(), target.kind(), feed, since.minus(settings.overlap()), page);
  }

  private void dispatch(PollTarget target, String name, ChangePage changes, FeedReading reading) {
    Set<RecordRef> unchanged = reading.add(changes.page());
    dispatcher.dispatch(name, changes, unchanged);
    changes
        .noteFingerprints()
        .forEach(
            (ref, notes) -> {
              if (!unchanged.contains(ref)) {
                requestUnknownNotes(ref, notes, reading);
              }
            });
    if (!changes.page().skipped().isEmpty()) {
      metrics
          .counter("lockstep.records.skipped", "system", target.system())
          .increment(changes.page().skipped().size());
    }
  }

  private void requestUnknownNotes(
      RecordRef ref, List<NoteFingerprint> notes, FeedReading reading) {
    List<NoteFingerprint> all = reading.addNotes(ref, notes);
    if (reading.isResumed() || !pairs.knowsNotes(ref, all)) {
      dispatcher.requestFetch(ref);
    }
  }

  private StuckFeedException stuck(PollTarget target, String next) {
    return new StuckFeedException(
        "its pages do not advance: page "
            + next
            + " repeats earlier records. Later pages cannot be reached; check how "
            + connectors.title(target.system())
            + " sorts and pages this listing");
  }
}
