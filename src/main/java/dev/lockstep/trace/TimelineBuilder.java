package dev.lockstep.trace;

import dev.lockstep.connector.Connectors;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.pair.Correlation;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.poll.SystemClocks;
import dev.lockstep.poll.SystemClocks.Spans;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.trace.timeline.Timeline;
import dev.lockstep.trace.timeline.TimelineEvent;
import dev.lockstep.trace.timeline.TimelineScope;
import dev.lockstep.trace.timeline.TimelineSource;
import dev.lockstep.trace.timeline.Timelines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Collects what all sources say, and what belongs to the incident besides. */
@Component
class TimelineBuilder implements Timelines {
  private final IdResolver lookup;
  private final IncidentLookup incidents;
  private final PairStore pairs;
  private final RecordStore records;
  private final DuplicateStore duplicates;
  private final TraceQueries queries;
  private final IncidentFamily family;
  private final IncidentStore facts;
  private final List<TimelineSource> sources;
  private final SystemClocks clocks;
  private final Connectors systems;

  TimelineBuilder(
      IdResolver lookup,
      IncidentLookup incidents,
      PairStore pairs,
      RecordStore records,
      DuplicateStore duplicates,
      TraceQueries queries,
      IncidentFamily family,
      IncidentStore facts,
      List<TimelineSource> sources,
      SystemClocks clocks,
      Connectors systems) {
    this.lookup = lookup;
    this.incidents = incidents;
    this.pairs = pairs;
    this.records = records;
    this.duplicates = duplicates;
    this.queries = queries;
    this.family = family;
    this.facts = facts;
    this.sources = List.copyOf(sources);
    this.clocks = clocks;
    this.systems = systems;
  }

  @Override
  public Optional<Timeline> find(String id) {
    String text = id.strip();
    return text.isEmpty()
        ? Optional.empty()
        : lookup
            .find(text)
            .flatMap(found -> Optional.ofNullable(found.incident()))
            .flatMap(this::find);
  }

  @Override
  public Optional<Timeline> find(RecordRef record) {
    return records
        .correlationOf(record)
        .map(correlation -> of(pairs.load(correlation)))
        .or(
            () ->
                incidents
                    .findKnown(record)
                    .map(
                        incident ->
                            build(
                                TimelineScope.of(records.findStates(incident.records())),
                                incident)));
  }

  @Override
  public Timeline of(Correlation correlation) {
    return build(TimelineScope.of(correlation), incidents.toIncident(correlation).orElse(null));
  }

  private Timeline build(TimelineScope about, @Nullable Incident incident) {
    List<TimelineEvent> events = new ArrayList<>();
    sources.forEach(source -> events.addAll(source.events(about)));
    List<String> postmortems = List.of();
    if (incident != null) {
      events.addAll(
          queries.closureEvents(
              incident.records(), incident.noteSource(), about.key(incident.ref())));
      IncidentFamily.Members members =
          family.load(incident.records(), duplicates.findDecided(incident.records()), null);
      events.addAll(family.events(members));
      postmortems = members.postmortems().values().stream().map(PostmortemViews::name).toList();
    }
    RecordState first = first(about, incident);
    Spans spans = clocks.spans();
    return new Timeline(
        first == null ? "" : first.key(),
        first == null ? "" : title(first, incident),
        first == null ? "" : first.url(),
        about.records().values().stream().map(this::entry).toList(),
        facts(about, spans).orElse(null),
        clocks(about, spans),
        postmortems,
        Timeline.inOrder(events, spans));
  }

  private static @Nullable RecordState first(TimelineScope about, @Nullable Incident incident) {
    RecordState ticket = incident == null ? null : about.records().get(incident.ref());
    return ticket != null ? ticket : about.records().values().stream().findFirst().orElse(null);
  }

  private static String title(RecordState record, @Nullable Incident incident) {
    return incident != null
        ? incident.value("title")
        : record.values().values().stream()
            .flatMap(values -> Optional.ofNullable(values.get("title")).stream())
            .findFirst()
            .orElse("");
  }

  private Timeline.Entry entry(RecordState record) {
    String system = record.ref().system();
    return new Timeline.Entry(
        system, title(system), record.ref().toString(), record.key(), record.url());
  }

  private String title(String system) {
    return system.equals(TimelineEvent.LOCKSTEP) ? "Lockstep" : systems.title(system);
  }

  /** One mapping in a tree says which of its records is the incident. */
  private Optional<IncidentFacts> facts(TimelineScope about, Spans spans) {
    return facts.findAll(about.refs()).stream()
        .findFirst()
        .map(found -> found.by(at -> spans.toOwnTime(found.record().system(), at)));
  }

  private List<Timeline.SystemTime> clocks(TimelineScope about, Spans spans) {
    Map<String, Duration> ahead = spans.latest();
    Set<String> names = new TreeSet<>();
    about.refs().forEach(ref -> names.add(ref.system()));
    names.remove(TimelineEvent.LOCKSTEP);
    return names.stream()
        .map(
            name -> {
              Duration measured = ahead.get(name);
              return new Timeline.SystemTime(
                  name, title(name), measured == null ? null : measured.toSeconds());
            })
        .toList();
  }
}
