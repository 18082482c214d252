package dev.lockstep.duplicates;

import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.Rejected;
import dev.lockstep.duplicates.Duplicate.Leaving;
import dev.lockstep.duplicates.Duplicates.State;
import dev.lockstep.likeness.Reason;
import dev.lockstep.pair.History;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hangs a duplicate under its primary in every system that can. Each step can be repeated: a record
 * that hangs there already is left as it is.
 */
class Joiner {
  private final Connectors connectors;
  private final Lookout lookout;
  private final DuplicateStore duplicates;
  private final TicketStore tickets;
  private final PairStore pairs;
  private final Voice voice;
  private final TransactionTemplate transaction;

  Joiner(
      Connectors connectors,
      Lookout lookout,
      DuplicateStore duplicates,
      TicketStore tickets,
      PairStore pairs,
      Voice voice,
      TransactionTemplate transaction) {
    this.connectors = connectors;
    this.lookout = lookout;
    this.duplicates = duplicates;
    this.tickets = tickets;
    this.pairs = pairs;
    this.voice = voice;
    this.transaction = transaction;
  }

  /**
   * @return the duplicate as it is then: still joining while the primary has no record yet that
   *     this one could hang under; the primary's next pass wakes it
   */
  Stay join(Relation relation) {
    Relation now = relation;
    boolean waits = false;
    boolean hangs = false;
    for (Side side : Side.values()) {
      RecordRef own = now.own().ref(side);
      if (own == null || !connectors.consolidates(own.system(), own.kind()) || now.isClosed(side)) {
        continue;
      }
      if (now.primary().ref(side) == null) {
        waits |= now.primary().mayGet(side);
      } else if (connectors.separates(own.system(), own.kind())) {
        now = hang(now, side, own);
        hangs = true;
      } else {
        hangs |= merge(now, side, own);
      }
    }
    if (waits) {
      return Stay.on(now.duplicate());
    }
    return hangs
        ? Stay.on(joined(now))
        : new Stay(now.duplicate(), Optional.of(Leaving.IMPOSSIBLE));
  }

  private Relation hang(Relation relation, Side side, RecordRef own) {
    RecordRef target = Objects.requireNonNull(relation.primary().ref(side));
    Observed now = relation.observed();
    if (now == null || now.primaryId() == null || !now.seen().ref().equals(own)) {
      now = lookout.fetch(relation.mapping(), side, own, relation.seen(side));
    }
    String names = now.primaryId() == null ? "" : now.primaryId();
    Duplicate duplicate = relation.duplicate();
    if (names.equals(target.id())) {
      return relation;
    }
    if (duplicate.formerly() == null) {
      duplicate = duplicates.save(duplicate.formerly(names));
    }
    NativeRecord after = connectors.consolidate(own, target).orElseGet(() -> connectors.fetch(own));
    Snapshot seen = lookout.took(relation, side, after);
    return relation.with(duplicates.save(duplicate.written(seen.version())));
  }

  /**
   * What was merged can't be taken apart, so that it is in step with nothing from then on. This is
   * committed first: of a merge whose answer never came, the merged record's end must not be
   * carried to the caller's ticket.
   *
   * @return false when it can't be merged: nobody works on the primary's record any more, or its
   *     system would not. Then its pair stays in step, and ends as its ITSM record does.
   */
  private boolean merge(Relation relation, Side side, RecordRef own) {
    RecordRef target = Objects.requireNonNull(relation.primary().ref(side));
    Pair pair = relation.own().pair();
    boolean begun = relation.doubt() || pair != null && pair.state() == Pair.State.ENDED;
    if (begun && isMerged(own, target)) {
      end(pair, relation);
      return true;
    }
    if (relation.primaryIsOver(side)) {
      return false;
    }
    end(pair, relation);
    try {
      connectors.consolidate(own, target);
      return true;
    } catch (Rejected refused) {
      if (isMerged(own, target)) {
        return true;
      }
      goOn(own);
      String title = connectors.title(own.system());
      duplicates.record(
          relation.duplicate(),
          "not-merged",
          "%s would not merge it: %s".formatted(title, refused.answer()),
          title);
      return false;
    }
  }

  private boolean isMerged(RecordRef own, RecordRef target) {
    return target.id().equals(connectors.fetch(own).primaryId());
  }

  private void end(@Nullable Pair pair, Relation relation) {
    if (pair == null || pair.state() == Pair.State.ENDED) {
      return;
    }
    String text = "Merged into " + relation.primaryKey() + "'s; no longer kept in step";
    transaction.executeWithoutResult(
        status -> {
          pairs.save(pair.in(Pair.State.ENDED), List.of(new History("ended", text, Map.of())));
          Snapshot left = pair.leftSeen();
          if (left != null) {
            tickets.see(relation.duplicate().duplicate(), Side.LEFT, left);
          }
        });
  }

  /** It could not be merged after all. */
  private void goOn(RecordRef own) {
    pairs
        .find(own)
        .filter(pair -> pair.state() == Pair.State.ENDED)
        .ifPresent(
            pair ->
                pairs.save(
                    pair.in(Pair.State.LINKED),
                    List.of(new History("resumed", "Could not be merged", Map.of()))));
  }

  private Duplicate joined(Relation relation) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              Duplicate joined = duplicates.save(relation.duplicate().in(State.JOINED));
              String key = relation.primaryKey();
              duplicates.record(joined, "joined", "Hangs under " + key, joined.decidedBy());
              if (!joined.decidedBy().equals(titleOf(relation))) {
                voice.owe(joined, "joined:" + joined.primary(), Visibility.INTERNAL, why(relation));
              }
              return joined;
            }));
  }

  private String titleOf(Relation relation) {
    return connectors.title(relation.own().ticket().seen().ref().system());
  }

  /** Only what both tickets have in common, for the primary may be one its readers may not see. */
  private static String why(Relation relation) {
    Duplicate duplicate = relation.duplicate();
    String reasons =
        duplicate.reasons().stream()
            .filter(reason -> reason.points() > 0)
            .map(Reason::text)
            .collect(Collectors.joining("; "));
    Double score = duplicate.score();
    return "Consolidated under %s%s. It stays open, hears what the public is told there, and is resolved with it.\n"
            .formatted(
                relation.primaryKey(),
                duplicate.decidedBy().equals(Triage.BY_ITSELF)
                    ? " by Lockstep"
                    : ", decided by " + duplicate.decidedBy())
        + (score == null
            ? ""
            : "Likeness %s: %s.\n".formatted(String.format(Locale.ROOT, "%.2f", score), reasons))
        + "Not the same? lockstep duplicates split "
        + duplicate.id();
  }
}
