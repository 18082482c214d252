package dev.lockstep.trace;

import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.poll.SystemClocks;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import dev.lockstep.trace.timeline.PairEvents;
import dev.lockstep.trace.timeline.Timeline;
import dev.lockstep.trace.timeline.TimelineEvent;
import dev.lockstep.trace.timeline.TimelineScope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Collects the chain of one incident, or of an item or postmortem without one. */
@Component
class TraceBuilder implements Traces {
  /** The creation and end of a pair, without what was synced in between. */
  private static final List<String> PAIR_EVENTS =
      List.of(
          "started",
          "created",
          "found",
          "linked",
          "unlinked",
          "broken",
          "ended",
          "resumed",
          "released");

  private final IdResolver lookup;
  private final IncidentLookup incidents;
  private final PairStore pairs;
  private final DuplicateStore duplicates;
  private final TraceQueries queries;
  private final IncidentFamily family;
  private final PairEvents pairEvents;
  private final SystemClocks clocks;

  TraceBuilder(
      IdResolver lookup,
      IncidentLookup incidents,
      PairStore pairs,
      DuplicateStore duplicates,
      TraceQueries queries,
      IncidentFamily family,
      PairEvents pairEvents,
      SystemClocks clocks) {
    this.lookup = lookup;
    this.incidents = incidents;
    this.pairs = pairs;
    this.duplicates = duplicates;
    this.queries = queries;
    this.family = family;
    this.pairEvents = pairEvents;
    this.clocks = clocks;
  }

  @Override
  public Optional<Trace> find(String id) {
    String text = id.strip();
    return text.isEmpty() ? Optional.empty() : lookup.find(text).map(found -> trace(text, found));
  }

  private Trace trace(String id, IdResolver.ResolvedId found) {
    RecordRef start = found.incident();
    Incident own = start == null ? null : incidents.findKnown(start).orElse(null);
    Optional<Duplicate> duplicateOf = start == null ? Optional.empty() : findDuplicate(start, own);
    Incident incident = duplicateOf.flatMap(it -> incidents.findKnown(it.primary())).orElse(own);
    Set<RecordRef> records = new LinkedHashSet<>();
    if (incident != null) {
      records.addAll(incident.records());
    }
    duplicateOf.ifPresent(it -> records.add(it.primary()));
    if (records.isEmpty() && start != null) {
      records.add(start);
    }
    return build(
        asked(id, found, duplicateOf.isPresent() ? incident : null),
        found,
        incident,
        List.copyOf(records));
  }

  /** The duplicate entry of an incident that is linked to a parent. */
  private Optional<Duplicate> findDuplicate(RecordRef start, @Nullable Incident own) {
    Set<RecordRef> records = new LinkedHashSet<>(List.of(start));
    if (own != null) {
      records.addAll(own.records());
    }
    return duplicates.findActive(List.copyOf(records));
  }

  private static TracedId asked(
      String id, IdResolver.ResolvedId found, @Nullable Incident primary) {
    boolean duplicate = primary != null && found.kind().equals("incident");
    return new TracedId(
        id,
        duplicate ? "duplicate" : found.kind(),
        found.key(),
        primary == null ? "" : primary.seen().key());
  }

  private Trace build(
      TracedId tracedId,
      IdResolver.ResolvedId found,
      @Nullable Incident incident,
      List<RecordRef> records) {
    TracedIncident traced = incident == null ? null : load(incident);
    IncidentFamily.Members members = family.load(records, duplicates.findChildren(records), found);
    List<TimelineEvent> events = new ArrayList<>();
    if (traced != null) {
      events.addAll(traced.openedEvents());
      events.addAll(pairEvents(traced));
      events.addAll(queries.closureEvents(records, traced.incident().noteSource(), traced.key()));
    }
    events.addAll(family.events(members));
    return new Trace(
        tracedId,
        traced == null ? null : traced.toRoot(),
        traced == null ? null : traced.alert(),
        members.duplicates().stream().map(duplicate -> view(duplicate, members)).toList(),
        members.postmortems().values().stream().map(PostmortemViews::toPostmortem).toList(),
        members.shown(),
        StatusSummary.summarize(members.items()),
        Timeline.inOrder(events, clocks.spans()).stream().map(TraceBuilder::toEvent).toList());
  }

  private static Event toEvent(TimelineEvent event) {
    return new Event(event.at(), event.record(), event.what(), event.text(), event.by());
  }

  private TracedIncident load(Incident incident) {
    return pair(incident)
        .map(pair -> TracedIncident.paired(incident, pair, pairs.load(pair.correlation()).pairs()))
        .orElseGet(() -> TracedIncident.unpaired(incident));
  }

  private Optional<Pair> pair(Incident incident) {
    return incident.records().stream()
        .flatMap(ref -> pairs.find(ref, incident.mapping().name()).stream())
        .filter(pair -> pair.state() != Pair.State.ENDED)
        .findFirst();
  }

  private DuplicateEntry view(Duplicate duplicate, IncidentFamily.Members members) {
    IncidentQueries.IncidentSummary report = members.find(duplicate.duplicate()).orElse(null);
    String reached = duplicate.state().name().toLowerCase(Locale.ROOT);
    return new DuplicateEntry(
        members.key(duplicate.duplicate()),
        report == null ? "" : report.title(),
        report == null ? "" : report.url(),
        duplicate.state().name(),
        members.decisions().getOrDefault(duplicate.id(), List.of()).stream()
            .filter(event -> event.what().equals(reached))
            .reduce((first, last) -> last)
            .map(Duplicates.Event::at)
            .orElseGet(() -> duplicates.changedAt(duplicate)),
        duplicate.decidedBy());
  }

  private List<TimelineEvent> pairEvents(TracedIncident incident) {
    Pair pair = incident.pair();
    return pair == null
        ? List.of()
        : pairEvents
            .events(TimelineScope.of(new Correlation(pair.correlation(), List.of(pair))))
            .stream()
            .filter(event -> PAIR_EVENTS.contains(event.what()))
            .toList();
  }
}
