package dev.lockstep.sync;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.inbox.Hint;
import dev.lockstep.inbox.InboxEntry;
import dev.lockstep.inbox.Subject;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One inbox entry being processed: what was received, and the correlation as it is now. Loaded
 * once; every step reads and changes it here. Used by one thread.
 */
public final class Pass {
  private record Start(RecordRef record, String mapping) {}

  private final InboxEntry entry;
  private final Correlation loaded;
  private Correlation stored;
  private Correlation current;
  private @Nullable RecordState unpaired;
  private final Set<RecordRef> fresh = new HashSet<>();
  private final Set<RecordRef> unavailable = new HashSet<>();
  private final Set<UUID> failed = new HashSet<>();
  private final Set<Start> notStarted = new HashSet<>();
  private final Failures failures;
  private boolean mayStart = true;
  private boolean due = true;

  /**
   * @param correlation without pairs for a record that is in none
   * @param unpaired the last known state of such a record; null if unknown
   * @param onGone is given what says that a record no longer exists
   */
  public Pass(
      InboxEntry entry,
      Correlation correlation,
      @Nullable RecordState unpaired,
      BiConsumer<Pass, RecordNotFoundException> onGone) {
    this.entry = entry;
    this.loaded = correlation;
    this.stored = correlation;
    this.current = correlation;
    this.unpaired = unpaired;
    this.failures = new Failures(entry.rejected(), gone -> onGone.accept(this, gone));
  }

  public InboxEntry entry() {
    return entry;
  }

  /** The record that this entry is about, if it is in no pair. */
  public Optional<RecordRef> record() {
    return entry.subject() instanceof Subject.OfRecord record
        ? Optional.of(record.ref())
        : Optional.empty();
  }

  /** The last known state of a record that is in no pair; null if unknown. */
  public @Nullable RecordState lastKnownState() {
    return unpaired;
  }

  public Correlation correlation() {
    return current;
  }

  /** A pair as it is now; empty if it was cancelled. */
  public Optional<Pair> find(UUID pair) {
    return current.find(pair);
  }

  Pair pair(UUID pair) {
    return current
        .find(pair)
        .orElseThrow(() -> new IllegalStateException("Pair " + pair + " was cancelled"));
  }

  /** A pair as it was stored last; empty if it is new. */
  Optional<Pair> stored(UUID pair) {
    return stored.find(pair);
  }

  public @Nullable Hint hint(RecordRef ref) {
    return entry.hints().get(ref);
  }

  /** A record as its system now shows it; stored with the next pair it belongs to. */
  public void update(RecordState now) {
    if (record().isPresent()) {
      unpaired = now;
    }
    current = current.with(now);
  }

  /** The correlation as it was when the pass began. */
  public Correlation loaded() {
    return loaded;
  }

  /** A pair with changes that are not stored yet. */
  void update(Pair changed) {
    current = current.with(changed);
  }

  /** A pair that was just stored, with its records. */
  public void store(Pair saved) {
    stored = stored.with(saved);
    current = current.with(saved);
  }

  /** A pair that was just deleted. */
  public void remove(Pair cancelled) {
    stored = stored.without(cancelled.id());
    current = current.without(cancelled.id());
  }

  /** The record was fetched or written in this pass: nothing can have been missed. */
  void markFresh(RecordRef ref) {
    fresh.add(ref);
  }

  boolean isFresh(RecordRef ref) {
    return fresh.contains(ref);
  }

  /** No further pair is started, since the ticket is a duplicate of another one. */
  public void startNothing() {
    mayStart = false;
  }

  /** Nothing is to be synced, since a duplicate without pairs only follows its primary. */
  public void syncNothing() {
    due = false;
  }

  /** Whether its pairs are to be synced, or started. */
  public boolean isDue() {
    return due;
  }

  /** Whether the entry is about a record that is in no pair. */
  public boolean isUnpaired() {
    return record().isPresent();
  }

  Failures failures() {
    return failures;
  }

  /** The record is deleted, or its system cannot be asked now. */
  void markUnavailable(RecordRef ref) {
    unavailable.add(ref);
  }

  /**
   * A step on a record.
   *
   * @param what with the record, the name of the step
   * @return whether it succeeded
   */
  boolean guard(String what, RecordRef ref, Runnable step) {
    return failures.guard(what + " " + ref, () -> fingerprint(ref), step);
  }

  /** The same for a step on a pair. */
  boolean guard(String what, UUID pair, Runnable step) {
    return failures.guard(what + " " + pair, () -> fingerprint(pair), step);
  }

  private String fingerprint(RecordRef ref) {
    return Fingerprint.of(current.states().get(ref), hint(ref));
  }

  private String fingerprint(UUID pair) {
    return find(pair).map(Fingerprint::of).orElse("");
  }

  /** A step on a record before its pairs are synced; if it fails, they are not in this pass. */
  public void attempt(RecordRef ref, Runnable step) {
    if (!guard("read", ref, step)) {
      markUnavailable(ref);
    }
  }

  /** The record cannot be read now; its pairs are not synced in this pass. */
  public void skip(RecordRef ref, RuntimeException why) {
    attempt(
        ref,
        () -> {
          throw why;
        });
  }

  /** A step on a pair before it is synced; if it fails, the pair is not in this pass. */
  public void attempt(Pair pair, Runnable step) {
    if (!guard("search", pair.id(), step)) {
      markFailed(pair.id());
    }
  }

  /**
   * A step after the pairs were synced. If some of these only wait for the end of a pause, a
   * failure of the step does not hide what they wait for.
   */
  public void finish(Runnable step) {
    if (failures.isEmpty()) {
      step.run();
    } else {
      failures.guard("finish", () -> Fingerprint.of(current, entry), step);
    }
  }

  Set<RecordRef> unavailable() {
    return Set.copyOf(unavailable);
  }

  /** A step of that pair failed: nothing more is written to its records because of it. */
  void markFailed(UUID pair) {
    failed.add(pair);
  }

  boolean hasFailed(UUID pair) {
    return failed.contains(pair);
  }

  /**
   * The record could not start a pair of that mapping. It is not tried again in this pass: its
   * counterpart's correlation may have been merged with this one, and the pass does not know those
   * pairs.
   */
  void markNotStarted(RecordRef ref, String mapping) {
    notStarted.add(new Start(ref, mapping));
  }

  boolean mayStart(RecordRef ref, String mapping) {
    return mayStart && !notStarted.contains(new Start(ref, mapping));
  }

  /** The pairs that can be synced now; a failed step does not keep them from later steps. */
  List<Pair> duePairs() {
    return current.pairs().stream()
        .filter(Pair::isLive)
        .filter(pair -> pair.records().stream().noneMatch(unavailable::contains))
        .toList();
  }
}
