package dev.lockstep.poll;

import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Failure;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.poll.WatermarkStore.Watermark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Catches up on missed webhooks: reads the changes since the last poll, feed by feed, and passes
 * them to the inbox like received events.
 *
 * <p>A feed is read from the newest timestamp it returned, by the system's own clock, minus an
 * overlap, since a system may list a change later than its timestamp. The watermark advances only
 * after everything before it is in the inbox; the page is stored, so that an interrupted listing
 * continues where it stopped. Duplicates are recognized. A feed that cannot be read does not block
 * the others.
 */
@Component
public final class Poller {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

  /** Limits memory: beyond it, records are passed on again instead of being remembered. */
  private static final int MOST_REMEMBERED = 10_000;

  /** Notes sent longer ago were checked by an earlier listing. */
  private static final Duration LOOKED_BACK_AT = Duration.ofDays(1);

  private static final int ALIKE = 60;

  /** Pseudo feed under which the check for unlisted notes is reported. */
  static final String UNLISTED = "unlisted-notes";

  private final Connectors connectors;
  private final Inbox inbox;
  private final PairLookup pairs;
  private final WatermarkStore watermarks;
  private final Duration overlap;
  private final Duration firstLook;
  private final Clock clock;
  private final MeterRegistry metrics;

  /** By feed, what the last reading returned for each record. */
  private final Map<String, Map<RecordRef, UUID>> delivered = new ConcurrentHashMap<>();

  Poller(
      Connectors connectors,
      Inbox inbox,
      PairLookup pairs,
      WatermarkStore watermarks,
      PollSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.connectors = connectors;
    this.inbox = inbox;
    this.pairs = pairs;
    this.watermarks = watermarks;
    this.overlap = settings.overlap();
    this.firstLook = settings.firstLookBack();
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Polls every feed of a target once. What cannot be read is read again at the next poll. */
  public void poll(PollTarget listing) {
    Instant started = clock.instant();
    boolean whole = true;
    for (String feed : connectors.feeds(listing.system(), listing.kind())) {
      whole &= poll(listing, feed, before -> new Reading(listing, feed, before).read());
    }
    if (whole && connectors.listsNotes(listing.system(), listing.kind())) {
      poll(listing, UNLISTED, before -> scheduleUnlistedNotes(listing, started));
    }
  }

  /** Reads a feed to its end. */
  private interface FeedReading {
    /**
     * @return what could not be read; null if everything was read
     */
    @Nullable String read(Optional<Watermark> before);
  }

  /**
   * @return whether the feed was read to its end
   */
  private boolean poll(PollTarget listing, String feed, FeedReading reading) {
    String name = listing.name(feed);
    Instant started = clock.instant();
    Optional<Watermark> before = Optional.empty();
    try {
      before = watermarks.find(name);
      String skipped = reading.read(before);
      metrics
          .timer("lockstep.polls", "system", listing.system())
          .record(Duration.between(started, clock.instant()).abs());
      before
          .filter(watermark -> watermark.problem() != null)
          .ifPresent(watermark -> LOG.info("{}: polling has recovered", name));
      if (skipped != null && !before.map(Watermark::skipped).filter(skipped::equals).isPresent()) {
        LOG.warn("{}: skipped what cannot be read: {}", name, skipped);
      }
      return true;
    } catch (RetryLaterException e) {
      LOG.debug("{} is not polled now: {}", name, e.getMessage());
    } catch (SystemUnavailableException e) {
      failed(listing, name, before, e.getMessage(), false);
    } catch (RequestRejectedException e) {
      failed(
          listing, name, before, e.status() + ". " + e.advice() + " Answer: " + e.answer(), true);
    } catch (StuckFeedException e) {
      failed(listing, name, before, e.getMessage(), true);
    } catch (RuntimeException e) {
      if (Failure.classify(e) == Failure.TRANSIENT) {
        throw e; // The database is unavailable.
      }
      if (before.map(Watermark::problem).isEmpty()) {
        LOG.error("{}: internal error", name, e);
      }
      failed(listing, name, before, "internal error: " + e, true);
    }
    return false;
  }

  /**
   * A note sent by Lockstep appears in the next listing; if it does not, the system may hide all
   * notes, which looks the same as having none.
   */
  private @Nullable String scheduleUnlistedNotes(PollTarget listing, Instant started) {
    pairs
        .findUnlisted(
            listing.system(),
            listing.kind(),
            started.minus(LOOKED_BACK_AT),
            started.minus(overlap.dividedBy(2)))
        .forEach(this::scheduleNotes);
    watermarks.finish(listing.name(UNLISTED), started, null, clock.instant());
    return null;
  }

  /** An event that the inbox cannot store does not block others: the record is fetched instead. */
  private void receive(String name, InboundEvent event) {
    try {
      inbox.receive(event);
    } catch (RuntimeException e) {
      if (Failure.classify(e) != Failure.FAULT) {
        throw e;
      }
      LOG.warn("{}: the state of {} cannot be stored; fetching it", name, event.record(), e);
      scheduleNotes(event.record());
    }
  }

  private void scheduleNotes(RecordRef ref) {
    inbox.receive(
        new InboundEvent(InboundEvent.POLL, "", ref, null, List.of(), true, clock.instant()));
  }

  private void failed(
      PollTarget listing,
      String name,
      Optional<Watermark> before,
      @Nullable String reason,
      boolean restarts) {
    String problem = oneLine(Objects.requireNonNullElse(reason, "no reason given"));
    metrics.counter("lockstep.polls.failed", "system", listing.system(), "feed", name).increment();
    if (!before.map(Watermark::problem).filter(known -> isSimilar(known, problem)).isPresent()) {
      LOG.error("{} cannot be polled: {}", name, problem);
    }
    delivered.remove(name);
    try {
      watermarks.fail(name, problem, restarts, clock.instant());
    } catch (RuntimeException e) {
      if (Failure.classify(e) == Failure.TRANSIENT) {
        throw e; // The database is unavailable.
      }
      LOG.error("{}: cannot record the failure for the health endpoint", name, e);
    }
  }

  /** Responses may contain ids that differ each time. */
  private static boolean isSimilar(String one, String other) {
    return one.regionMatches(0, other, 0, Math.min(ALIKE, Math.min(one.length(), other.length())));
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= 500 ? line : line.substring(0, 500) + "...";
  }

  /** The listing repeats what it returned before. */
  private static final class StuckFeedException extends RuntimeException {
    StuckFeedException(String message) {
      super(message);
    }
  }

  /** One reading of a feed, from its watermark to its end. */
  private final class Reading {
    private final PollTarget listing;
    private final String feed;
    private final String name;
    private final Optional<Watermark> before;
    private final boolean resumed;
    private final Set<String> pages = new HashSet<>();
    private final Set<UUID> contents = new HashSet<>();
    private final Map<RecordRef, UUID> shown = new LinkedHashMap<>();
    private final Map<RecordRef, List<NoteFingerprint>> traces = new LinkedHashMap<>();
    private final Set<String> skipped = new LinkedHashSet<>();
    private Instant since = Instant.EPOCH;
    private @Nullable Instant newest;

    Reading(PollTarget listing, String feed, Optional<Watermark> before) {
      this.listing = listing;
      this.feed = feed;
      this.name = listing.name(feed);
      this.before = before;
      this.resumed = before.map(Watermark::page).isPresent();
      this.newest = before.map(Watermark::newest).orElse(null);
    }

    /**
     * @return what could not be read; null if everything was read
     */
    @Nullable String read() {
      String page = before.map(Watermark::page).orElse(null);
      ChangePage changes = first(page);
      while (true) {
        deliver(changes);
        String next = changes.nextPage();
        if (next == null) {
          break;
        }
        requireProgress(page, next, changes);
        watermarks.savePage(name, since, next, newest);
        page = next;
        changes = list(Optional.of(page));
      }
      String problem = skipped.isEmpty() ? null : oneLine(String.join("; ", skipped));
      watermarks.finish(name, newWatermark(), problem, clock.instant());
      saveWatermark();
      return problem;
    }

    private ChangePage first(@Nullable String page) {
      Optional<Instant> known = before.map(Watermark::since);
      if (known.isPresent()) {
        since = known.get();
        return list(Optional.ofNullable(page));
      }
      since = connectors.now(listing.system()).minus(firstLook);
      ChangePage changes = list(Optional.empty());
      // Only the first response determines the system's time.
      Instant byItsClock = connectors.now(listing.system()).minus(firstLook);
      if (byItsClock.isBefore(since)) {
        since = byItsClock;
        changes = list(Optional.empty());
      }
      return changes;
    }

    private ChangePage list(Optional<String> page) {
      return connectors.listChanged(
          listing.system(), listing.kind(), feed, since.minus(overlap), page);
    }

    private void deliver(ChangePage changes) {
      Map<RecordRef, UUID> known = delivered.getOrDefault(name, Map.of());
      Set<RecordRef> old = new HashSet<>();
      changes
          .page()
          .fingerprints()
          .forEach(
              (ref, print) -> {
                if (print.equals(known.get(ref)) && !shown.containsKey(ref)) {
                  old.add(ref);
                }
                // A record listed on several pages changed meanwhile, whatever each page shows.
                shown.merge(ref, print, (one, other) -> UUID.randomUUID());
              });
      events(changes).stream()
          .filter(event -> !old.contains(event.record()))
          .forEach(event -> receive(name, event));
      changes
          .noteFingerprints()
          .forEach(
              (ref, more) -> {
                if (!old.contains(ref)) {
                  scheduleUnknownNotes(ref, more);
                }
              });
      skipped.addAll(changes.page().skipped());
      if (!changes.page().skipped().isEmpty()) {
        metrics
            .counter("lockstep.records.skipped", "system", listing.system())
            .increment(changes.page().skipped().size());
      }
      Instant time = changes.page().newest();
      if (time != null && (newest == null || time.isAfter(newest))) {
        newest = time;
      }
    }

    private void requireProgress(@Nullable String page, String next, ChangePage changes) {
      if (page != null) {
        pages.add(page);
      }
      UUID content = changes.page().content();
      if (pages.contains(next) || (content != null && !contents.add(content))) {
        throw new StuckFeedException(
            "its pages do not advance: page "
                + next
                + " repeats earlier records. Later pages cannot be reached; check how "
                + connectors.title(listing.system())
                + " sorts and pages this listing");
      }
    }

    /** A record with a future timestamp must not hide later changes. */
    private Instant newWatermark() {
      Instant now = connectors.now(listing.system());
      Instant seen = newest == null ? since : newest.isAfter(now) ? now : newest;
      return seen.isAfter(since) ? seen : since;
    }

    private void saveWatermark() {
      delivered.put(name, shown.size() > MOST_REMEMBERED ? Map.of() : Map.copyOf(shown));
    }

    /**
     * Checked together with the notes of earlier pages, since one known note must not account for
     * two notes on two pages; an entry that moved to the next page because newer ones were inserted
     * before it is one note. Pages read before an interruption are no longer known.
     */
    private void scheduleUnknownNotes(RecordRef ref, List<NoteFingerprint> more) {
      List<NoteFingerprint> all = traces.computeIfAbsent(ref, r -> new ArrayList<>());
      more.stream().filter(trace -> !isAmong(all, trace)).forEach(all::add);
      if (resumed || !pairs.knowsNotes(ref, all)) {
        scheduleNotes(ref);
      }
    }
  }

  private static boolean isAmong(List<NoteFingerprint> traces, NoteFingerprint trace) {
    return !trace.entry().isEmpty()
        && traces.stream().anyMatch(one -> one.entry().equals(trace.entry()));
  }

  /** One event per record; what the listing leaves open is stated in the event. */
  private List<InboundEvent> events(ChangePage changes) {
    Map<RecordRef, NativeRecord> states = new LinkedHashMap<>();
    changes.records().forEach(record -> states.put(record.ref(), record));
    Set<RecordRef> seen = new LinkedHashSet<>(states.keySet());
    seen.addAll(changes.notes().keySet());
    seen.addAll(changes.toFetch());
    return seen.stream().map(ref -> event(ref, states.get(ref), changes)).toList();
  }

  private InboundEvent event(RecordRef ref, @Nullable NativeRecord state, ChangePage changes) {
    boolean mustFetch = changes.toFetch().contains(ref);
    // An event with notes only means that nothing else changed; mustFetch means that something
    // may have.
    List<WorkNote> notes =
        mustFetch && state == null ? List.of() : changes.notes().getOrDefault(ref, List.of());
    return new InboundEvent(InboundEvent.POLL, "", ref, state, notes, mustFetch, clock.instant());
  }
}
