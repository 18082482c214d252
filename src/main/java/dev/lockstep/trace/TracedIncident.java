package dev.lockstep.trace;

import dev.lockstep.pair.Pair;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.trace.Traces.Member;
import dev.lockstep.trace.Traces.Root;
import dev.lockstep.trace.timeline.TimelineEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The incident at the start of a chain, with its records in all systems.
 *
 * @param pair the ticket's pair; null if there is none
 * @param records those of the pair first
 */
record TracedIncident(Incident incident, @Nullable Pair pair, List<Snapshot> records) {
  TracedIncident {
    records = List.copyOf(records);
  }

  /** An incident that is in no pair. */
  static TracedIncident unpaired(Incident incident) {
    return new TracedIncident(incident, null, List.of(incident.seen()));
  }

  /**
   * @param correlation all pairs of the correlation of the ticket's pair
   */
  static TracedIncident paired(Incident incident, Pair pair, List<Pair> correlation) {
    List<Pair> pairs = new ArrayList<>(List.of(pair));
    pairs.addAll(correlation);
    Map<RecordRef, Snapshot> records = new LinkedHashMap<>();
    for (Pair each : pairs) {
      for (Side side : Side.values()) {
        Snapshot record = each.seen(side);
        if (record != null && incident.records().contains(record.ref())) {
          records.putIfAbsent(record.ref(), record);
        }
      }
    }
    return new TracedIncident(incident, pair, List.copyOf(records.values()));
  }

  String key() {
    return incident.seen().key();
  }

  Root toRoot() {
    Snapshot seen = incident.seen();
    return new Root(
        seen.key(),
        seen.url(),
        seen.values().getOrDefault("title", ""),
        new TreeMap<>(seen.values()),
        seen.openedAt(),
        records.stream().map(TracedIncident::toMember).toList());
  }

  @Nullable Member alert() {
    Snapshot platform = platform();
    return platform == null ? null : toMember(platform);
  }

  /** The platform's record, which may be the only one. */
  private @Nullable Snapshot platform() {
    if (pair != null) {
      return pair.rightSeen();
    }
    return incident.side() == Side.RIGHT ? incident.seen() : null;
  }

  private static Member toMember(Snapshot seen) {
    return new Member(
        seen.ref().system(),
        seen.ref().toString(),
        seen.key(),
        seen.url(),
        seen.values().getOrDefault("status", ""),
        seen.openedAt());
  }

  /** When its records were opened, as far as their systems say. */
  List<TimelineEvent> openedEvents() {
    Snapshot platform = platform();
    List<TimelineEvent> events = new ArrayList<>();
    for (Snapshot seen : records) {
      if (seen.openedAt() != null) {
        String system = seen.ref().system();
        String what = seen.equals(platform) ? "alerted" : "opened";
        // Without its title: only today's title is known, which may not be the one it was opened
        // with.
        events.add(TimelineEvent.of(system, seen.openedAt(), seen.key(), what, "in " + system, ""));
      }
    }
    return events;
  }
}
