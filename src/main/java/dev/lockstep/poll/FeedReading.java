package dev.lockstep.poll;

import dev.lockstep.connector.ChangePage;
import dev.lockstep.connector.NoteFingerprint;
import dev.lockstep.poll.WatermarkStore.Watermark;
import dev.lockstep.record.RecordRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one reading of a feed has returned so far: which of it is new, and whether it advances. */
final class FeedReading {
  /** Limits memory: beyond it, records are passed on again instead of being remembered. */
  private static final int MOST_REMEMBERED = 10_000;

  private final Map<RecordRef, UUID> known;
  private final boolean resumed;
  private final Set<String> pages = new HashSet<>();
  private final Set<UUID> contents = new HashSet<>();
  private final Map<RecordRef, UUID> shown = new LinkedHashMap<>();
  private final Map<RecordRef, List<NoteFingerprint>> notes = new LinkedHashMap<>();
  private final Set<String> skipped = new LinkedHashSet<>();
  private @Nullable Instant newest;

  /**
   * @param known what the previous reading returned for each record
   * @param before where this reading begins; empty for the first one of a feed
   */
  FeedReading(Map<RecordRef, UUID> known, Optional<Watermark> before) {
    this.known = known;
    this.resumed = before.map(Watermark::page).isPresent();
    this.newest = before.map(Watermark::newest).orElse(null);
  }

  /** Whether it continues one that was interrupted, whose pages are no longer known. */
  boolean isResumed() {
    return resumed;
  }

  /**
   * Adds a page.
   *
   * @return its records that the previous reading returned already
   */
  Set<RecordRef> add(ChangePage.Page page) {
    Set<RecordRef> unchanged = new HashSet<>();
    page.fingerprints()
        .forEach(
            (ref, print) -> {
              if (print.equals(known.get(ref)) && !shown.containsKey(ref)) {
                unchanged.add(ref);
              }
              // A record listed on several pages changed meanwhile, whatever each page shows.
              shown.merge(ref, print, (one, other) -> UUID.randomUUID());
            });
    skipped.addAll(page.skipped());
    Instant time = page.newest();
    if (time != null && (newest == null || time.isAfter(newest))) {
      newest = time;
    }
    return unchanged;
  }

  /**
   * Adds the notes that a page shows on a record; an entry that moved to the next page because
   * newer ones were inserted before it is one note.
   *
   * @return its notes on all pages, since one known note must not account for two notes on two
   *     pages
   */
  List<NoteFingerprint> addNotes(RecordRef ref, List<NoteFingerprint> more) {
    List<NoteFingerprint> all = notes.computeIfAbsent(ref, r -> new ArrayList<>());
    more.stream().filter(note -> !isAmong(all, note)).forEach(all::add);
    return List.copyOf(all);
  }

  private static boolean isAmong(List<NoteFingerprint> notes, NoteFingerprint note) {
    return !note.entry().isEmpty()
        && notes.stream().anyMatch(one -> one.entry().equals(note.entry()));
  }

  /**
   * Whether the feed advances from one page to the next.
   *
   * @param token of the page that was read; null for the first one
   * @param content of that page; null if it was empty
   */
  boolean advances(@Nullable String token, @Nullable UUID content, String next) {
    if (token != null) {
      pages.add(token);
    }
    return !pages.contains(next) && (content == null || contents.add(content));
  }

  @Nullable Instant newest() {
    return newest;
  }

  /**
   * The next watermark. A record with a future timestamp must not hide later changes.
   *
   * @param since the watermark that reading began at
   * @param now the time of the system
   */
  Instant watermark(Instant since, Instant now) {
    Instant seen = newest == null ? since : newest.isAfter(now) ? now : newest;
    return seen.isAfter(since) ? seen : since;
  }

  /** What could not be read; null if everything was read. */
  @Nullable String skipped() {
    return skipped.isEmpty() ? null : new PollProblem(String.join("; ", skipped)).text();
  }

  /** What it returned for each record, for the next reading. */
  Map<RecordRef, UUID> fingerprints() {
    return shown.size() > MOST_REMEMBERED ? Map.of() : Map.copyOf(shown);
  }
}
