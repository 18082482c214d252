package dev.lockstep.sandbox.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counts, for one linked pair, what was carried, how long it took and what was written needlessly,
 * by going through all that happened to its two records in order. Use once per pair.
 */
final class SyncCounter {

  /**
   * @param changes by the side they were made on: edits and creations that the other side followed
   * @param notes by the side they were written on
   * @param delays one for each of them
   * @param echoes values Lockstep wrote that nobody on the other side had made
   */
  record Count(
      Map<SystemSide, Integer> changes,
      Map<SystemSide, Integer> notes,
      List<Delay> delays,
      List<String> echoes) {}

  /** How long the other side took to show what was done at a moment. */
  record Delay(Instant madeAt, Duration took) {}

  /** A person's edit whose fields the other side does not show yet. */
  private record Open(ObservedChange edit, Set<String> fields) {}

  private final ExpectedFields expectations;
  private final Map<SystemSide, FieldState> present = new EnumMap<>(SystemSide.class);
  private final Map<SystemSide, Set<String>> news = new EnumMap<>(SystemSide.class);
  private final List<Open> open = new ArrayList<>();
  private final Map<SystemSide, Integer> changes = new EnumMap<>(SystemSide.class);
  private final Map<SystemSide, Integer> notes = new EnumMap<>(SystemSide.class);
  private final List<Delay> delays = new ArrayList<>();
  private final Map<SystemSide, Map<String, List<ObservedChange>>> unanswered =
      new EnumMap<>(SystemSide.class);
  private final List<String> echoes = new ArrayList<>();

  SyncCounter(ExpectedFields expectations) {
    this.expectations = expectations;
  }

  /**
   * @param observed those of the pair's two records, oldest first
   */
  Count count(List<ObservedChange> observed) {
    observed.forEach(this::take);
    return new Count(changes, notes, delays, echoes);
  }

  private void take(ObservedChange now) {
    FieldState old = present.put(now.place(), now.state());
    Set<String> after = differing();
    Set<String> changed = old == null ? Set.of() : old.changedTo(now.state());
    if (!now.ours()) {
      edited(now, old, changed, after);
    } else if (old == null) {
      createdByUs(now, after);
    } else {
      written(now, old, changed, after);
    }
    settle(now, after);
    now.notes().forEach(line -> note(now, line));
  }

  private void edited(
      ObservedChange now, @Nullable FieldState old, Set<String> changed, Set<String> after) {
    news(now.place()).addAll(old == null ? now.state().values().keySet() : changed);
    boolean unlinked = !present.containsKey(now.place().other());
    Set<String> due = new TreeSet<>(changed);
    if (unlinked && old == null) {
      open.add(new Open(now, Set.of()));
    } else if (!unlinked) {
      due.retainAll(after);
    }
    if (!due.isEmpty()) {
      open.add(new Open(now, due));
    }
  }

  /** What the first record said nothing of is the new record's own. */
  private void createdByUs(ObservedChange now, Set<String> after) {
    FieldState source = present.get(now.place().other());
    for (String field : now.state().values().keySet()) {
      if (after.contains(field) || source == null || source.get(field).isEmpty()) {
        news(now.place()).add(field);
      } else {
        news(now.place().other()).remove(field);
      }
    }
  }

  /**
   * An echo is written where there is no news from the other side. What PagerDuty does by itself
   * when it is written to, such as calling who is on call, is no echo but news.
   */
  private void written(ObservedChange now, FieldState old, Set<String> changed, Set<String> after) {
    for (String field : changed) {
      Set<String> there = news(now.place().other());
      if (after.contains(field)) {
        if (!there.contains(field)) {
          news(now.place()).add(field);
        }
        continue;
      }
      if (!there.contains(field) && !field.equals(FieldState.ASSIGNEE)) {
        echoes.add(
            "%s: %s from «%s» to «%s», which nobody on the other side had made"
                .formatted(now.place().label(), field, old.get(field), now.state().get(field)));
      }
      there.remove(field);
      news(now.place()).remove(field);
    }
  }

  /** Closes the edits the other side shows now; one that gave way to the other side's is lost. */
  private void settle(ObservedChange now, Set<String> after) {
    if (present.size() < SystemSide.values().length) {
      return;
    }
    for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
      Open edit = each.next();
      if (edit.fields().stream().anyMatch(after::contains)) {
        continue;
      }
      each.remove();
      if (now.ours() && now.place() != edit.edit().place()) {
        changes.merge(edit.edit().place(), 1, Integer::sum);
        delays.add(delay(edit.edit(), now));
      }
    }
  }

  private void note(ObservedChange now, NoteLine line) {
    if (!line.ours()) {
      waiting(now.place(), line.text().strip()).add(now);
      return;
    }
    line.carriedText()
        .map(text -> waiting(now.place().other(), text))
        .filter(waiting -> !waiting.isEmpty())
        .ifPresent(
            waiting -> {
              ObservedChange written = waiting.remove(0);
              notes.merge(written.place(), 1, Integer::sum);
              delays.add(delay(written, now));
            });
  }

  private static Delay delay(ObservedChange made, ObservedChange shown) {
    return new Delay(made.at(), Duration.between(made.at(), shown.at()));
  }

  private Set<String> differing() {
    FieldState ticket = present.get(SystemSide.ITSM);
    FieldState incident = present.get(SystemSide.PLATFORM);
    return ticket == null || incident == null
        ? Set.of()
        : expectations.differences(ticket, incident).keySet();
  }

  /** Fields that changed on that side and have not been brought to the other yet. */
  private Set<String> news(SystemSide place) {
    return news.computeIfAbsent(place, any -> new HashSet<>());
  }

  private List<ObservedChange> waiting(SystemSide place, String text) {
    return unanswered
        .computeIfAbsent(place, any -> new HashMap<>())
        .computeIfAbsent(text, any -> new ArrayList<>());
  }
}
