package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.DeliveryStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Two steps around the delivery of notes: a record whose system can pin notes gets a note with a
 * link to each other record of its correlation, also to one that is linked later, and these are
 * pinned. Pinning is repeated until it is known to be done; the system takes a repetition as done.
 */
@Component
public final class PinnedLinks {
  private static final String GAP = "pinned links";

  private final Connectors connectors;
  private final NoteSender sender;
  private final DeliveryStore deliveries;
  private final PairTransaction journal;
  private final Clock clock;

  PinnedLinks(
      Connectors connectors,
      NoteSender sender,
      DeliveryStore deliveries,
      PairTransaction journal,
      Clock clock) {
    this.connectors = connectors;
    this.sender = sender;
    this.deliveries = deliveries;
    this.journal = journal;
    this.clock = clock;
  }

  /** Stores a note for each record that shares no pair with it: a pair has its own. */
  public void announce(Pass pass) {
    Correlation correlation = pass.correlation();
    for (RecordRef target : pinning(correlation)) {
      correlation.states().values().stream()
          .filter(other -> !other.ref().equals(target))
          .filter(other -> isLinked(correlation, other.ref()))
          .filter(other -> pair(correlation, target, other.ref()).isEmpty())
          .filter(other -> !deliveries.exists(other.ref(), LinkNote.name(target), target))
          .forEach(other -> enqueue(correlation, other, target));
    }
  }

  private void enqueue(Correlation correlation, RecordState other, RecordRef target) {
    String mapping =
        correlation.pairsOf(other.ref()).stream().map(Pair::mapping).findFirst().orElseThrow();
    Snapshot shown = other.in(mapping);
    String title = connectors.title(other.ref().system());
    sender.enqueue(
        other.ref(),
        LinkNote.name(target),
        Visibility.INTERNAL,
        LinkNote.text(title, shown),
        target);
  }

  /** Pins those that were delivered. */
  public void pin(Pass pass) {
    for (RecordRef target : pinning(pass.correlation())) {
      List<DeliveryStore.Sent> due = deliveries.findUnpinned(target);
      if (!due.isEmpty()) {
        pass.guard("pin", target, () -> pin(pass, target, due));
      }
    }
  }

  /** What is refused is a gap: the links are there, only not pinned. */
  private void pin(Pass pass, RecordRef target, List<DeliveryStore.Sent> due) {
    Optional<String> gap = Optional.empty();
    for (DeliveryStore.Sent note : due) {
      try {
        connectors.pinNote(target, note.id());
        deliveries.markPinned(note, target, clock.instant());
      } catch (RequestRejectedException e) {
        gap = Optional.of("refused: %s %s".formatted(e.answer(), e.advice()));
      }
    }
    for (Pair pair : pass.correlation().pairsOf(target)) {
      if (pair.state() == Pair.State.LINKED) {
        journal.commitIfChanged(pass, pass.pair(pair.id()).withNoteGap(GAP, gap));
      }
    }
  }

  private List<RecordRef> pinning(Correlation correlation) {
    return correlation.states().keySet().stream()
        .filter(ref -> connectors.pinsNotes(ref.system(), ref.kind()))
        .filter(ref -> isLinked(correlation, ref))
        .sorted(Comparator.comparing(RecordRef::toString))
        .toList();
  }

  private static boolean isLinked(Correlation correlation, RecordRef ref) {
    return correlation.pairsOf(ref).stream().anyMatch(pair -> pair.state() == Pair.State.LINKED);
  }

  private static Optional<Pair> pair(Correlation correlation, RecordRef one, RecordRef other) {
    return correlation.pairsOf(one).stream()
        .filter(pair -> pair.records().contains(other))
        .findFirst();
  }
}
