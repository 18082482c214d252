package dev.lockstep.poll;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.Failure;
import dev.lockstep.inbox.Inbox;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.poll.WatermarkStore.Watermark;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Catches up on missed webhooks: reads the changes since the last poll, feed by feed, and passes
 * them to the inbox like received events. A feed that cannot be read does not block the others.
 */
@Component
public final class Poller {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

  /** Notes sent longer ago were checked by an earlier listing. */
  private static final Duration LOOKED_BACK_AT = Duration.ofDays(1);

  /** Pseudo feed under which the check for unlisted notes is reported. */
  static final String UNLISTED = "unlisted-notes";

  private final Connectors connectors;
  private final PairLookup pairs;
  private final WatermarkStore watermarks;
  private final ChangeDispatcher dispatcher;
  private final FeedReader reader;
  private final RecordNotesReader recordNotes;
  private final Duration overlap;
  private final Clock clock;
  private final MeterRegistry metrics;

  Poller(
      Connectors connectors,
      Inbox inbox,
      PairLookup pairs,
      WatermarkStore watermarks,
      PollSettings settings,
      Clock clock,
      MeterRegistry metrics) {
    this.connectors = connectors;
    this.pairs = pairs;
    this.watermarks = watermarks;
    this.dispatcher = new ChangeDispatcher(inbox, clock);
    this.reader =
        new FeedReader(connectors, pairs, watermarks, dispatcher, settings, clock, metrics);
    this.recordNotes =
        new RecordNotesReader(connectors, pairs, watermarks, dispatcher, settings, clock);
    this.overlap = settings.overlap();
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Polls every feed of a target once. What cannot be read is read again at the next poll. */
  public void poll(PollTarget listing) {
    Instant started = clock.instant();
    boolean whole = true;
    for (String feed : connectors.feeds(listing.system(), listing.kind())) {
      whole &= poll(listing, feed, before -> reader.read(listing, feed, before));
    }
    for (String feed : connectors.noteFeeds(listing.system(), listing.kind())) {
      whole &= poll(listing, feed, before -> recordNotes.read(listing, feed, before));
    }
    if (whole && connectors.listsNotes(listing.system(), listing.kind())) {
      poll(listing, UNLISTED, before -> scheduleUnlistedNotes(listing, started));
    }
  }

  /** Reads a feed, or checks what no feed shows. */
  private interface Reading {
    /**
     * @return what could not be read; null if everything was read
     */
    @Nullable String read(Optional<Watermark> before);
  }

  /**
   * @return whether the feed was read to its end
   */
  private boolean poll(PollTarget listing, String feed, Reading reading) {
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
        .forEach(dispatcher::requestFetch);
    watermarks.finish(listing.name(UNLISTED), started, null, clock.instant());
    return null;
  }

  private void failed(
      PollTarget listing,
      String name,
      Optional<Watermark> before,
      @Nullable String reason,
      boolean restarts) {
    PollProblem problem = new PollProblem(Objects.requireNonNullElse(reason, "no reason given"));
    metrics.counter("lockstep.polls.failed", "system", listing.system(), "feed", name).increment();
    if (!problem.isSimilar(before.map(Watermark::problem).orElse(null))) {
      LOG.error("{} cannot be polled: {}", name, problem.text());
    }
    reader.forget(name);
    try {
      watermarks.fail(name, problem.text(), restarts, clock.instant());
    } catch (RuntimeException e) {
      if (Failure.classify(e) == Failure.TRANSIENT) {
        throw e; // The database is unavailable.
      }
      LOG.error("{}: cannot record the failure for the health endpoint", name, e);
    }
  }
}
