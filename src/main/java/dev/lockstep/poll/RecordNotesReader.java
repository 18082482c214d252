package dev.lockstep.poll;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.inbox.PairLookup;
import dev.lockstep.poll.WatermarkStore.Watermark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.WorkNote;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a feed that lists the notes of one record at a time, for each record in a pair. The
 * watermark advances to the beginning of the reading, once all records were asked; an interrupted
 * reading continues with the next record.
 */
final class RecordNotesReader {
  private final Connectors connectors;
  private final PairLookup pairs;
  private final WatermarkStore watermarks;
  private final ChangeDispatcher dispatcher;
  private final PollSettings settings;
  private final Clock clock;

  RecordNotesReader(
      Connectors connectors,
      PairLookup pairs,
      WatermarkStore watermarks,
      ChangeDispatcher dispatcher,
      PollSettings settings,
      Clock clock) {
    this.connectors = connectors;
    this.pairs = pairs;
    this.watermarks = watermarks;
    this.dispatcher = dispatcher;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * @return what could not be read; null if everything was read
   */
  @Nullable String read(PollTarget target, String feed, Optional<Watermark> before) {
    String name = target.name(feed);
    Instant now = connectors.now(target.system());
    Instant since =
        before.map(Watermark::since).orElseGet(() -> now.minus(settings.firstLookBack()));
    String last = before.map(Watermark::page).orElse(null);
    Instant begun =
        last == null
            ? now
            : Objects.requireNonNullElse(before.map(Watermark::newest).orElse(null), since);
    Set<String> skipped = new LinkedHashSet<>();
    for (RecordRef record : records(target)) {
      if (last == null || record.id().compareTo(last) > 0) {
        read(record, feed, since).ifPresent(skipped::add);
        watermarks.savePage(name, since, record.id(), begun);
      }
    }
    String problem = skipped.isEmpty() ? null : new PollProblem(String.join("; ", skipped)).text();
    watermarks.finish(name, begun, problem, clock.instant());
    return problem;
  }

  private List<RecordRef> records(PollTarget target) {
    return pairs.findOpenForNotes(target.system(), target.kind()).stream()
        .sorted(Comparator.comparing(RecordRef::id))
        .toList();
  }

  /**
   * @return why its notes cannot be read
   */
  private Optional<String> read(RecordRef record, String feed, Instant since) {
    try {
      List<WorkNote> notes = connectors.notesSince(record, feed, since.minus(settings.overlap()));
      dispatcher.dispatchNotes(record, notes);
    } catch (RecordNotFoundException e) {
      dispatcher.requestFetch(record);
    } catch (RequestRejectedException e) {
      return Optional.of("The notes of " + record + ": " + e.answer());
    }
    return Optional.empty();
  }
}
