package dev.lockstep.sweep;

import dev.lockstep.connector.Changes;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.NoteTrace;
import dev.lockstep.connector.RetryLater;
import dev.lockstep.connector.Unavailable;
import dev.lockstep.inbox.InboundEvent;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.PairDirectory;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what webhooks missed: reads what changed since the last look, and hands it to the inbox as
 * if it had just been heard. The look begins a little before the last one did, since a system may
 * show a change later than it dates it, and clocks differ; what is found twice is known by its
 * version. The watermark moves only after everything found is durable.
 */
class Poller {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

  /** Notes sent longer ago were judged by an earlier listing. */
  private static final Duration LOOKED_BACK_AT = Duration.ofDays(1);

  private final Connectors connectors;
  private final Inbox inbox;
  private final PairDirectory pairs;
  private final Watermarks watermarks;
  private final Duration overlap;
  private final Duration firstLook;
  private final Clock clock;
  private final MeterRegistry metrics;

  Poller(
      Connectors connectors,
      Inbox inbox,
      PairDirectory pairs,
      Watermarks watermarks,
      Duration overlap,
      Duration firstLook,
      Clock clock,
      MeterRegistry metrics) {
    this.connectors = connectors;
    this.inbox = inbox;
    this.pairs = pairs;
    this.watermarks = watermarks;
    this.overlap = overlap;
    this.firstLook = firstLook;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** One look. A system that would not answer is asked again at the next. */
  void poll(Listing listing) {
    Instant started = clock.instant();
    try {
      Instant since = watermarks.find(listing.name()).orElse(started.minus(firstLook));
      int found = read(listing, since.minus(overlap));
      watermarks.advance(listing.name(), started);
      askForUnlistedNotes(listing, started);
      LOG.debug("{}: {} records since {}", listing.name(), found, since);
      metrics
          .timer("lockstep.polls", "system", listing.system())
          .record(Duration.between(started, clock.instant()));
    } catch (RetryLater | Unavailable e) {
      LOG.info(
          "{} could not be polled, next try at the next round: {}", listing.name(), e.getMessage());
    }
  }

  private int read(Listing listing, Instant since) {
    int found = 0;
    Optional<String> page = Optional.empty();
    Map<RecordRef, List<NoteTrace>> traces = new LinkedHashMap<>();
    do {
      Changes changes = connectors.listChanged(listing.system(), listing.kind(), since, page);
      List<InboundEvent> events = events(changes);
      events.forEach(inbox::receive);
      found += events.size();
      changes
          .traces()
          .forEach((ref, more) -> traces.computeIfAbsent(ref, r -> new ArrayList<>()).addAll(more));
      page = Optional.ofNullable(changes.nextPage());
    } while (page.isPresent());
    traces.forEach(this::askForUnknownNotes);
    return found;
  }

  /**
   * A note Lockstep sent shows up in the listing that follows; where it does not, the system may
   * not show notes at all, which only looks as if there were none.
   */
  private void askForUnlistedNotes(Listing listing, Instant started) {
    if (connectors.listsNotes(listing.system(), listing.kind())) {
      pairs
          .unlisted(
              listing.system(),
              listing.kind(),
              started.minus(LOOKED_BACK_AT),
              started.minus(overlap.dividedBy(2)))
          .forEach(this::askForNotes);
    }
  }

  private void askForNotes(RecordRef ref) {
    inbox.receive(
        new InboundEvent(InboundEvent.POLL, "", ref, null, List.of(), true, clock.instant()));
  }

  /** Judged over the whole listing, lest one known note account for two of different pages. */
  private void askForUnknownNotes(RecordRef ref, List<NoteTrace> traces) {
    if (!pairs.knows(ref, traces)) {
      askForNotes(ref);
    }
  }

  /** One event a record; what the listing leaves open about it is said in the event. */
  private List<InboundEvent> events(Changes changes) {
    Map<RecordRef, NativeRecord> states = new LinkedHashMap<>();
    changes.records().forEach(record -> states.put(record.ref(), record));
    Set<RecordRef> heard = new LinkedHashSet<>(states.keySet());
    heard.addAll(changes.notes().keySet());
    heard.addAll(changes.look());
    return heard.stream().map(ref -> event(ref, states.get(ref), changes)).toList();
  }

  private InboundEvent event(RecordRef ref, @Nullable NativeRecord state, Changes changes) {
    boolean look = changes.look().contains(ref);
    // An event with notes alone says that nothing else changed; a look says that something may
    // have.
    List<WorkNote> notes =
        look && state == null ? List.of() : changes.notes().getOrDefault(ref, List.of());
    return new InboundEvent(InboundEvent.POLL, "", ref, state, notes, look, clock.instant());
  }
}
