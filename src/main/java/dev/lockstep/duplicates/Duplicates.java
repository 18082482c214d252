package dev.lockstep.duplicates;

import dev.lockstep.similarity.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists duplicates and takes decisions about them. An {@code id} is the number shown by {@link
 * #list}, or the key of the duplicate, for example {@code INC0010007}.
 */
public interface Duplicates {

  /** The states of a duplicate; the column {@code duplicate.state}. */
  enum State {
    /** Waits for an operator to accept or reject it. */
    PROPOSED,
    /** Decided; being written to the systems. */
    LINKING,
    /** The duplicate is linked to its primary and follows it. */
    LINKED,
    /** Being unlinked from its primary. */
    UNLINKING,
    /**
     * Unlinked because it was reopened on its own: may be proposed again, is never linked
     * automatically.
     */
    UNLINKED,
    /** Unlinked by an operator: never proposed again. */
    SPLIT,
    /** Rejected by an operator: never proposed again. */
    REJECTED,
    /** No longer similar, or closed; may be proposed again. */
    WITHDRAWN;

    /** Whether the duplicate is linked, or is being linked or unlinked. */
    boolean isActive() {
      return this == LINKING || this == LINKED || this == UNLINKING;
    }

    /** Whether an operator decided that the two are not duplicates. */
    boolean isRefused() {
      return this == SPLIT || this == REJECTED;
    }
  }

  /**
   * One of the two tickets.
   *
   * @param ref its first known record
   * @param key shown to users, for example {@code INC0010007}
   * @param url of its page in its system; may be empty
   */
  record Member(String ref, String key, String title, String url, Instant openedAt) {}

  /**
   * @param score from 0 to 1; null when the two were linked by hand and never compared
   * @param decidedBy the operator or system that decided; empty while proposed
   * @param problem why the decision is not yet carried out; empty if nothing is wrong
   */
  record Summary(
      long id,
      State state,
      Member duplicate,
      Member primary,
      @Nullable Double score,
      String decidedBy,
      String problem,
      Instant changedAt) {}

  /** An entry of the audit history. */
  record Event(Instant at, String what, String text, String by) {}

  record Detail(Summary summary, List<Reason> reasons, List<Event> history) {}

  /**
   * The result of a decision. The decision is committed before it is returned; the systems are
   * written to right after, at least once. A write that a system refuses becomes a dead letter.
   */
  sealed interface Outcome {
    /** Decided; {@code text} says in one line what happens next. */
    record Decided(Summary summary, String text) implements Outcome {}

    record NotFound() implements Outcome {}

    /** Not possible in the present state; {@code reason} says why and what to do instead. */
    record Refused(String reason) implements Outcome {}
  }

  /**
   * @param states empty: those that are proposed, being linked, linked or being unlinked
   * @param limit the maximum number, most recently changed first
   */
  List<Summary> list(List<State> states, int limit);

  Optional<Detail> find(String id);

  /**
   * Links a proposed duplicate, or confirms an automatic link: from then on the primary's public
   * comments and resolution texts reach the duplicate's caller.
   *
   * @param primary the key of the ticket to keep as the primary; null: as proposed
   * @param by the operator, for the audit
   */
  Outcome accept(String id, @Nullable String primary, String by);

  /** Marks the two as no duplicates: the pair is never proposed again. */
  Outcome reject(String id, String by);

  /** Unlinks a duplicate, restores its fields, and never proposes that pair again. */
  Outcome split(String id, String by);
}
