package dev.lockstep.trace.timeline;

import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.poll.SystemClocks.Spans;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened, oldest first.
 *
 * @param key of its first record, for example {@code INC0010001}
 * @param records its records in all systems
 * @param facts level, stage and times, by Lockstep's clock; null if it is no incident for any
 *     mapping
 * @param clocks the clocks of its records' systems
 * @param postmortems names of the postmortems that Lockstep has of it
 */
public record Timeline(
    String key,
    String title,
    String url,
    List<Entry> records,
    @Nullable IncidentFacts facts,
    List<SystemTime> clocks,
    List<String> postmortems,
    List<TimelineEvent> events) {
  public Timeline {
    records = List.copyOf(records);
    clocks = List.copyOf(clocks);
    postmortems = List.copyOf(postmortems);
    events = List.copyOf(events);
  }

  /** A record in one system. */
  public record Entry(String system, String title, String ref, String key, String url) {}

  /**
   * @param title of the system
   * @param aheadSeconds how far it is ahead of Lockstep's clock at present, negative: behind; null
   *     if it was not measured yet
   */
  public record SystemTime(String system, String title, @Nullable Long aheadSeconds) {}

  /** Without what is for operators only, and without values: neither of changes nor its own. */
  public Timeline toPublic() {
    return new Timeline(
        key,
        "",
        url,
        records,
        facts == null ? null : facts.withoutNames(),
        clocks,
        postmortems,
        events.stream().filter(event -> !event.internal()).map(PublicForm::of).toList());
  }

  /** Without what weighs less. */
  public Timeline upTo(Weight least) {
    return withEvents(
        events.stream().filter(event -> event.weight().compareTo(least) <= 0).toList());
  }

  private Timeline withEvents(List<TimelineEvent> some) {
    return new Timeline(key, title, url, records, facts, clocks, postmortems, some);
  }

  /** The title of a system. */
  public String titleOf(String system) {
    return records.stream()
        .filter(entry -> entry.system().equals(system))
        .map(Entry::title)
        .findFirst()
        .orElse(system.equals(TimelineEvent.LOCKSTEP) ? "Lockstep" : system);
  }

  /** By Lockstep's clock, oldest first; of the same time in the given order. */
  public static List<TimelineEvent> inOrder(List<TimelineEvent> events, Spans clocks) {
    return events.stream()
        .map(event -> event.at(clocks.toOwnTime(event.clock(), event.dated())))
        .sorted(Comparator.comparing(TimelineEvent::at))
        .toList();
  }

  /** How long after it was opened, by the same clock; null if either is unknown. */
  public @Nullable Duration sinceOpened(@Nullable Instant reached) {
    Instant opened = facts == null ? null : facts.openedAt();
    return opened == null || reached == null ? null : Duration.between(opened, reached);
  }
}
