package dev.lockstep.duplicates;

import dev.lockstep.duplicates.Duplicate.Leaving;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.mapping.Mapping;
import org.jspecify.annotations.Nullable;

/** One pass over one duplicate: it is hung under its primary, follows it, or is taken out. */
class DuplicatePass {
  private final Standings standings;
  private final DuplicateStore duplicates;
  private final Joiner joiner;
  private final Follower follower;
  private final Leaver leaver;
  private final Consolidations consolidations;
  private final Triage triage;

  DuplicatePass(
      Standings standings,
      DuplicateStore duplicates,
      Joiner joiner,
      Follower follower,
      Leaver leaver,
      Consolidations consolidations,
      Triage triage) {
    this.standings = standings;
    this.duplicates = duplicates;
    this.joiner = joiner;
    this.follower = follower;
    this.leaver = leaver;
    this.consolidations = consolidations;
    this.triage = triage;
  }

  /**
   * May run again after a crash at any point, and must then end the same.
   *
   * @param observed the duplicate's record as it is now; null where only its pair, or what is
   *     stored, knows
   */
  void work(Duplicate found, Mapping mapping, @Nullable Observed observed, boolean doubt) {
    Stay stay = Stay.on(found);
    @Nullable Observed now = observed;
    if (found.state() == State.JOINING) {
      stay = joiner.join(relation(found, mapping, observed, doubt));
      // The record is as the write left it, and no longer as it was told.
      now = null;
    }
    if (stay.duplicate().state() == State.JOINED) {
      stay = follower.follow(relation(stay.duplicate(), mapping, now, doubt));
    } else if (stay.duplicate().state() == State.LEAVING) {
      leaver.leave(relation(found, mapping, observed, doubt));
    }
    Duplicate left = stay.duplicate();
    stay.leaves().ifPresent(why -> leave(left, why));
  }

  private Relation relation(
      Duplicate duplicate, Mapping mapping, @Nullable Observed observed, boolean doubt) {
    return new Relation(
        duplicate,
        standings.get(duplicate.duplicate()),
        standings.get(duplicate.primary()),
        mapping,
        mapping.duplicates().orElseThrow(),
        observed,
        doubt);
  }

  /** Decided now, done in the pass this wakes. */
  private void leave(Duplicate duplicate, Leaving why) {
    String by = why == Leaving.TAKEN_OUT ? "a person" : Triage.BY_ITSELF;
    triage.inTurn(
        () ->
            consolidations.leave(
                duplicates.find(duplicate.id()).orElseThrow(), why, text(why), by));
  }

  private static String text(Leaving why) {
    return switch (why) {
      case SPLIT -> "Split";
      case TAKEN_OUT -> "Taken out in its own system";
      case REOPENED -> "Reopened while its primary stays resolved";
      case PRIMARY_ENDED -> "Its primary ended without being resolved";
      case IMPOSSIBLE -> "No system would hang it under its primary";
    };
  }
}
