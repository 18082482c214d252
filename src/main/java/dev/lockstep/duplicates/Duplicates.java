package dev.lockstep.duplicates;

import dev.lockstep.similarity.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Duplicates as people see and decide them. An {@code id} is the number {@link #list} shows, or the
 * key of the duplicate, for example {@code INC0010007}.
 */
public interface Duplicates {

  /** Where it is in its life; the column {@code duplicate.state}. */
  enum State {
    /** Waits for a person to accept or reject it. */
    PROPOSED,
    /** Decided; the systems are being told. */
    LINKING,
    /** Consolidated: the duplicate hangs under its primary and follows it. */
    LINKED,
    /** Being taken out again. */
    UNLINKING,
    /** Taken out since it was reopened alone: may be proposed again, never joins by itself. */
    UNLINKED,
    /** Taken out by a person: never proposed again. */
    SPLIT,
    /** Rejected by a person: never proposed again. */
    REJECTED,
    /** No longer alike, or over; may be proposed again. */
    WITHDRAWN;

    /** Whether the duplicate hangs, or is about to hang, under its primary. */
    boolean isActive() {
      return this == LINKING || this == LINKED || this == UNLINKING;
    }

    /** Whether a person said that these two are not the same. */
    boolean isRefused() {
      return this == SPLIT || this == REJECTED;
    }
  }

  /**
   * One of the two tickets.
   *
   * @param ref the record it began with
   * @param key what people call it
   * @param url where a person opens it; may be empty
   */
  record Member(String ref, String key, String title, String url, Instant openedAt) {}

  /**
   * @param score from 0 to 1; null when people said so and nothing was compared
   * @param decidedBy who or what decided; empty while it is only proposed
   * @param problem why it waits; empty when it does not
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

  /** Something that happened to it. */
  record Event(Instant at, String what, String text, String by) {}

  record Detail(Summary summary, List<Reason> reasons, List<Event> history) {}

  /**
   * What became of a decision. A decision is committed when it is answered; the systems are written
   * to right after, at least once, and what they refuse is a dead letter.
   */
  sealed interface Outcome {
    /** Decided; {@code text} says in one line what happens now. */
    record Decided(Summary summary, String text) implements Outcome {}

    record NotFound() implements Outcome {}

    /** It can't be done in the present state; {@code reason} says why and what would help. */
    record Refused(String reason) implements Outcome {}
  }

  /**
   * @param states empty: those that are proposed or in force
   * @param limit at the most so many, latest first
   */
  List<Summary> list(List<State> states, int limit);

  Optional<Detail> find(String id);

  /**
   * Consolidates what was proposed, or confirms what was joined automatically: from then on the
   * primary's public comments and resolution texts reach the duplicate's caller.
   *
   * @param primary the key of the one of the two that shall stay at the front; null: the proposed
   *     one
   * @param by who decides, for the audit
   */
  Outcome accept(String id, @Nullable String primary, String by);

  /** These two are not duplicates: never proposes that pair again. */
  Outcome reject(String id, String by);

  /** Takes a duplicate out again, restores its fields, and never proposes that pair again. */
  Outcome split(String id, String by);
}
