package dev.lockstep.duplicates;

import dev.lockstep.duplicates.consolidate.DuplicateFindings;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.Duplicate.UnlinkReason;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.duplicates.ticket.TicketLookup;
import dev.lockstep.duplicates.ticket.TicketView;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Snapshot;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists duplicates and applies the decisions of operators, serialized with the automatic ones. */
@Component
class DuplicateOperations implements Duplicates {
  private static final List<State> CURRENT =
      List.of(State.PROPOSED, State.LINKING, State.LINKED, State.UNLINKING);

  private final DuplicateStore duplicates;
  private final TicketLookup ticketLookup;
  private final DuplicateTransitions transitions;
  private final DuplicateDetector detector;
  private final DeadLetters deadLetters;

  DuplicateOperations(
      DuplicateStore duplicates,
      TicketLookup ticketLookup,
      DuplicateTransitions transitions,
      DuplicateDetector detector,
      DeadLetters deadLetters) {
    this.duplicates = duplicates;
    this.ticketLookup = ticketLookup;
    this.transitions = transitions;
    this.detector = detector;
    this.deadLetters = deadLetters;
  }

  @Override
  public List<Summary> list(List<State> states, int limit) {
    List<State> wanted = states.isEmpty() ? CURRENT : states;
    return duplicates.list(wanted, limit).stream().map(this::summary).toList();
  }

  @Override
  public Optional<Detail> find(String id) {
    return duplicates
        .findByName(id)
        .map(found -> new Detail(summary(found), found.reasons(), duplicates.history(found)));
  }

  @Override
  public Outcome accept(String id, @Nullable String primary, String by) {
    return decide(id, found -> accept(found, primary, by));
  }

  private Outcome accept(Duplicate found, @Nullable String picked, String by) {
    if (found.state() == State.LINKING || found.state() == State.LINKED) {
      return confirm(found, picked, by);
    }
    if (found.state() != State.PROPOSED) {
      return refused(found, "only a proposed or an automatically linked duplicate can be accepted");
    }
    boolean swap = picked != null && hasKey(found.duplicate(), picked);
    if (picked != null && !swap && !hasKey(found.primary(), picked)) {
      return new Outcome.Refused(
          "%s is neither %s nor %s; name one of the two as the primary"
              .formatted(picked, key(found.duplicate()), key(found.primary())));
    }
    RecordRef duplicate = swap ? found.primary() : found.duplicate();
    RecordRef primary = transitions.findRoot(swap ? found.duplicate() : found.primary());
    boolean apart =
        duplicates
            .findBetween(duplicate, primary)
            .map(between -> between.state().isRefused())
            .orElse(false);
    if (apart) {
      return new Outcome.Refused(
          "%s is linked to %s, and an operator decided that %s is not a duplicate of that"
              .formatted(key(found.primary()), key(primary), key(duplicate)));
    }
    if (primary.equals(duplicate) || duplicates.findActive(List.of(duplicate)).isPresent()) {
      return new Outcome.Refused(
          "%s is already linked to another ticket; split it first".formatted(key(duplicate)));
    }
    Duplicate accepted = transitions.accept(found, duplicate, primary, by);
    boolean resolved = !ticketLookup.get(primary).ticket().isOpen();
    return decided(
        accepted,
        "%s is being linked to %s%s"
            .formatted(
                key(duplicate),
                key(primary),
                resolved ? " and resolved, since the primary is resolved" : ""));
  }

  /** An automatically linked duplicate stays linked; only {@code decidedBy} changes. */
  private Outcome confirm(Duplicate found, @Nullable String picked, String by) {
    if (picked != null && !hasKey(found.primary(), picked)) {
      return refused(found, "its primary can no longer be changed; use split to unlink it");
    }
    if (!found.decidedBy().equals(DuplicateFindings.LOCKSTEP)) {
      return decided(found, "Already accepted by " + found.decidedBy());
    }
    return decided(
        transitions.confirm(found, by),
        "%s stays linked to %s; its caller receives the public comments of %2$s"
            .formatted(key(found.duplicate()), key(found.primary())));
  }

  @Override
  public Outcome reject(String id, String by) {
    return decide(
        id,
        found -> {
          if (found.state() == State.REJECTED) {
            return decided(found, "Already rejected");
          }
          if (found.state() != State.PROPOSED) {
            return refused(
                found,
                found.state().isActive() ? "use split to unlink it" : "there is nothing to reject");
          }
          transitions.reject(found, by);
          return decided(
              found.withDecision(State.REJECTED, by),
              "%s and %s will not be proposed again"
                  .formatted(key(found.duplicate()), key(found.primary())));
        });
  }

  @Override
  public Outcome split(String id, String by) {
    return decide(
        id,
        found -> {
          if (found.state() == State.UNLINKING || found.state() == State.SPLIT) {
            return decided(found, "Already split");
          }
          if (!found.state().isActive()) {
            return refused(
                found,
                found.state() == State.PROPOSED
                    ? "it is only proposed; reject it"
                    : "there is nothing to split");
          }
          Duplicate unlinking = transitions.startUnlinking(found, UnlinkReason.SPLIT, "Split", by);
          return decided(
              unlinking,
              "%s is being unlinked from %s; the two will not be proposed again%s"
                  .formatted(
                      key(found.duplicate()),
                      key(found.primary()),
                      isMerged(found) ? ". Merged records stay merged" : ""));
        });
  }

  private interface Decision {
    Outcome apply(Duplicate found);
  }

  private Outcome decide(String id, Decision decision) {
    return detector.runExclusively(
        () -> duplicates.findByName(id).map(decision::apply).orElseGet(Outcome.NotFound::new));
  }

  private boolean isMerged(Duplicate duplicate) {
    Pair pair = ticketLookup.get(duplicate.duplicate()).pair();
    return pair != null && pair.state() == Pair.State.ENDED;
  }

  private Outcome refused(Duplicate found, String cure) {
    return new Outcome.Refused(
        "%s is %s: %s".formatted(key(found.duplicate()), found.state(), cure));
  }

  private Outcome decided(Duplicate duplicate, String text) {
    return new Outcome.Decided(summary(duplicate), text);
  }

  private Summary summary(Duplicate duplicate) {
    TicketView own = ticketLookup.get(duplicate.duplicate());
    return new Summary(
        duplicate.id(),
        duplicate.state(),
        member(own),
        member(ticketLookup.get(duplicate.primary())),
        duplicate.score(),
        duplicate.decidedBy(),
        problem(duplicate, own),
        duplicates.changedAt(duplicate));
  }

  private static Member member(TicketView view) {
    Snapshot seen = view.displayedSnapshot();
    return new Member(
        view.ticket().record().toString(),
        seen.key(),
        view.ticket().compared().title(),
        seen.url(),
        view.ticket().openedAt());
  }

  /** Why a decision is not yet carried out. */
  private String problem(Duplicate duplicate, TicketView own) {
    if (duplicate.state() != State.LINKING && duplicate.state() != State.UNLINKING) {
      return "";
    }
    return deadLetters
        .findByRecord(own.ticket().record())
        .map(letter -> "Needs an operator: lockstep dead-letters show " + letter.id())
        .orElse("Being written to the systems");
  }

  private boolean hasKey(RecordRef ticket, String name) {
    return key(ticket).equalsIgnoreCase(name) || ticket.toString().equals(name);
  }

  private String key(RecordRef ticket) {
    return ticketLookup.get(ticket).displayedSnapshot().key();
  }
}
