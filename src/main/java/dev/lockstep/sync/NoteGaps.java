package dev.lockstep.sync;

import dev.lockstep.connector.Connectors;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Visibility;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Says in a pair why notes are not sent to one of its records. */
record NoteGaps(Connectors connectors) {

  /**
   * @param refused how many notes were refused there and nobody has decided on
   * @param unsupported whether a note was not sent just now, since the system takes none
   */
  Optional<String> find(Pair pair, Side to, int refused, boolean unsupported) {
    return refused(refused).or(() -> unsupported(pair, to, unsupported));
  }

  /** Stays once a note was not sent: nothing is left that could be sent later. */
  private Optional<String> unsupported(Pair pair, Side to, boolean occurred) {
    RecordRef target = Objects.requireNonNull(pair.ref(to));
    String text =
        "%s takes no notes: those of other systems are not synced to it"
            .formatted(connectors.title(target.system()));
    boolean stays =
        text.equals(pair.gaps().get(Pair.notesTo(to)))
            && Stream.of(Visibility.values())
                .noneMatch(visibility -> connectors.takesNotes(target, visibility));
    return occurred || stays ? Optional.of(text) : Optional.empty();
  }

  private static Optional<String> refused(int count) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "%d %s refused: retry or discard the dead letter"
                .formatted(count, count == 1 ? "note was" : "notes were"));
  }
}
