package dev.lockstep.sync;

import dev.lockstep.pair.Pair;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;

/**
 * A record's claim to be the counterpart of a record that is in a pair: its correlation id names
 * that record.
 *
 * @param record the record that makes the claim
 * @param mention the record that it names, with the token it carries
 * @param pair the pair of the record that it names
 * @param owned whether only Lockstep can write the record's correlation id
 */
record CounterpartClaim(RecordRef record, Mention mention, Pair pair, boolean owned) {

  /** What becomes of a claim of a record that is to start a pair. */
  enum Verdict {
    /**
     * The record is in the pair: another process linked it meanwhile. Or the pair is being linked,
     * perhaps to this record: those whose correlation id only Lockstep writes carry no token, so
     * that their pair is known only once it is linked.
     */
    WAIT,
    /** Two records with a valid claim: only an operator can decide between them. */
    CONFLICT,
    /** Anyone can write such a correlation id. */
    UNPROVEN
  }

  /**
   * A record with the pair's token was created by Lockstep for that pair. While the pair is being
   * linked it searches for the record itself; once linked, the record belongs to it.
   */
  boolean isOfThePair() {
    return pair.sideOf(record) != null || hasToken() && isBeingLinked();
  }

  Verdict verdict() {
    if (isOfThePair() || owned && isBeingLinked()) {
      return Verdict.WAIT;
    }
    return owned || hasToken() ? Verdict.CONFLICT : Verdict.UNPROVEN;
  }

  private boolean hasToken() {
    return pair.mention(mention.ref()).equals(mention);
  }

  private boolean isBeingLinked() {
    return pair.state() == Pair.State.LINKING;
  }
}
