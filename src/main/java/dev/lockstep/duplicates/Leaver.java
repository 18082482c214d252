package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.duplicates.Duplicate.Leaving;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.Wakes;
import dev.lockstep.pair.History;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes a duplicate out again: its fields as they were where nobody changed them since, and a life
 * of its own. What a system merged for good stays merged; the ITSM record begins a new pair if it
 * is in scope.
 */
class Leaver {
  private final Connectors connectors;
  private final Lookout lookout;
  private final Follower follower;
  private final Triage triage;
  private final DuplicateStore duplicates;
  private final TicketStore tickets;
  private final PairStore pairs;
  private final Voice voice;
  private final Wakes wakes;
  private final Clock clock;

  Leaver(
      Connectors connectors,
      Lookout lookout,
      Follower follower,
      Triage triage,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      Voice voice,
      Wakes wakes,
      Clock clock) {
    this.connectors = connectors;
    this.lookout = lookout;
    this.follower = follower;
    this.triage = triage;
    this.duplicates = duplicates;
    this.tickets = tickets;
    this.pairs = pairs;
    this.voice = voice;
    this.wakes = wakes;
    this.clock = clock;
  }

  void leave(Relation relation) {
    for (Side side : Side.values()) {
      RecordRef own = relation.own().ref(side);
      if (own != null && connectors.separates(own.system(), own.kind())) {
        separate(relation, side, own);
      }
    }
    finish(relation);
  }

  private void separate(Relation relation, Side side, RecordRef own) {
    Observed now = lookout.fetch(relation.mapping(), side, own, relation.seen(side));
    if (relation.mapping().isClosed(side, now.seen().values())) {
      return;
    }
    Snapshot seen = now.seen();
    if (now.primaryId() != null && relation.isPrimarys(side, now.primaryId())) {
      String formerly = relation.duplicate().formerly();
      NativeRecord after = connectors.separate(own, formerly == null ? "" : formerly);
      seen = lookout.took(relation, side, after);
    }
    if (relation.duplicate().leaving() == Leaving.SPLIT) {
      follower.giveBack(relation, side, seen);
    }
    voice.owe(
        relation.duplicate(), "left:" + revisionOf(relation), Visibility.INTERNAL, why(relation));
    voice.speak(relation.duplicate(), own);
  }

  /** The same for each attempt, another one for each time it leaves. */
  private static String revisionOf(Relation relation) {
    return Long.toString(relation.duplicate().revision());
  }

  private static String why(Relation relation) {
    Leaving leaving = Objects.requireNonNull(relation.duplicate().leaving());
    String key = relation.primaryKey();
    return switch (leaving) {
      case SPLIT, TAKEN_OUT ->
          "Taken out from under %s by %s; the two will not be proposed again."
              .formatted(key, relation.duplicate().decidedBy());
      case REOPENED ->
          "Taken out from under %s, since it was reopened while that one stays resolved."
              .formatted(key);
      case PRIMARY_ENDED ->
          "Taken out from under %s, since that one ended without being resolved.".formatted(key);
      case IMPOSSIBLE -> "It could not be hung under %s.".formatted(key);
    };
  }

  private void finish(Relation relation) {
    Duplicate leaving = relation.duplicate();
    Leaving why = Objects.requireNonNull(leaving.leaving());
    RecordRef ticket = leaving.duplicate();
    triage.inTurn(
        () -> {
          Duplicate left = duplicates.save(leaving.in(why.after()));
          duplicates.record(left, "left", why(relation), leaving.decidedBy());
          Optional<RecordRef> released = release(relation.own().pair());
          released
              .filter(record -> !record.equals(ticket))
              .ifPresent(record -> takeName(relation, record, left));
          RecordRef alone = released.orElse(ticket);
          tickets.compareAnew(alone);
          wake(alone, released.isPresent() ? null : relation.own().pair());
          return left;
        });
  }

  /** Of a pair that has ended, the left record goes its own way. */
  private Optional<RecordRef> release(@Nullable Pair pair) {
    if (pair == null || pair.state() != Pair.State.ENDED || pair.left() == null) {
      return Optional.empty();
    }
    String text = "Its left record is no duplicate after all and goes its own way";
    pairs.save(pair.withoutLeft(), java.util.List.of(new History("released", text, Map.of())));
    return Optional.ofNullable(pair.left());
  }

  /**
   * The ticket was named by the record that was merged away: it goes on under the name of the other
   * one, of which the same was said.
   */
  private void takeName(Relation relation, RecordRef record, Duplicate left) {
    KnownTicket old = tickets.find(left.duplicate()).orElse(relation.own().ticket());
    tickets.save(old.named(record, Side.LEFT));
    tickets.save(old.over(clock.instant()));
    Duplicate same =
        duplicates.put(
            record, left.primary(), left.state(), left.score(), left.reasons(), left.decidedBy());
    Leaving why = Objects.requireNonNull(left.leaving());
    duplicates.record(
        duplicates.save(same.leaving(why, left.decidedBy()).in(left.state())),
        "left",
        why(relation),
        left.decidedBy());
  }

  private void wake(RecordRef ticket, @Nullable Pair pair) {
    Subject subject = pair == null ? new Subject.OfRecord(ticket) : new Subject.OfPair(pair.id());
    wakes.wake(subject, Map.of(), clock.instant());
  }
}
