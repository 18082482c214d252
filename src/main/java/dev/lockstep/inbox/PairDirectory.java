package dev.lockstep.inbox;

import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Version;
import dev.lockstep.record.WorkNote;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the inbox must know of pairs to file what it hears. */
public interface PairDirectory {

  /**
   * @param seen the version of that record last dealt with; null if none
   */
  record Known(UUID pair, @Nullable Version seen) {}

  Optional<Known> find(RecordRef ref);

  /** What people call a pair's records, for example {@code INC0010001 ⇄ #42}. */
  String titleOf(UUID pair);

  /**
   * Keeps notes not heard of before.
   *
   * @return how many were new
   */
  int keep(RecordRef ref, List<WorkNote> notes);
}
