package dev.lockstep.trace;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
  private final IncidentQueries known;
  private final TraceQueries queries;
  private final PostmortemStore postmortems;
  private final ActionItemStore items;
  private final ItemViews views;

  TraceBuilder(
      IdResolver lookup,
      IncidentLookup incidents,
      PairStore pairs,
      DuplicateStore duplicates,
      IncidentQueries known,
      TraceQueries queries,
      PostmortemStore postmortems,
      ActionItemStore items,
      ItemViews views) {
    this.lookup = lookup;
    this.incidents = incidents;
    this.pairs = pairs;
    this.duplicates = duplicates;
    this.known = known;
    this.queries = queries;
    this.postmortems = postmortems;
    this.items = items;
    this.views = views;
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
    List<Duplicate> under = duplicates.findChildren(records);
    List<IncidentQueries.IncidentSummary> reports =
        known.find(under.stream().map(Duplicate::duplicate).toList());
    Set<RecordRef> family = new LinkedHashSet<>(records);
    under.forEach(duplicate -> family.add(duplicate.duplicate()));
    reports.forEach(report -> family.addAll(report.records()));

    List<ActionItem> all = items(found, List.copyOf(family));
    Map<Long, StoredPostmortem> stored = postmortems(found, List.copyOf(family), all);
    List<Item> shown =
        all.stream().map(item -> views.toItem(item, name(stored, item.postmortem()))).toList();

    List<Event> events = new ArrayList<>();
    List<DuplicateEntry> named = new ArrayList<>();
    for (Duplicate duplicate : under) {
      named.add(view(duplicate, reports, events));
    }
    if (traced != null) {
      events.addAll(traced.openedEvents());
      addPairEvents(traced, events);
      events.addAll(queries.closureEvents(records, traced.incident().noteSource(), traced.key()));
    }
    stored.values().forEach(each -> events.addAll(PostmortemViews.events(each)));
    shown.forEach(item -> events.addAll(ItemViews.events(item)));
    events.sort(Comparator.comparing(Event::at));
    return new Trace(
        tracedId,
        traced == null ? null : traced.toRoot(),
        traced == null ? null : traced.alert(),
        named,
        stored.values().stream().map(PostmortemViews::toPostmortem).toList(),
        shown,
        StatusSummary.summarize(all),
        events);
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

  /** Items of the incident and its duplicates; else of the postmortem; else the traced one. */
  private List<ActionItem> items(IdResolver.ResolvedId found, List<RecordRef> family) {
    Map<Long, ActionItem> all = new TreeMap<>();
    if (!family.isEmpty()) {
      items.findByIncidents(family).forEach(item -> all.put(item.id(), item));
    }
    StoredPostmortem postmortem = found.postmortem();
    ActionItem traced = found.item();
    if (postmortem != null) {
      items.findByPostmortem(postmortem.id()).forEach(item -> all.put(item.id(), item));
    }
    if (traced != null) {
      Long number = traced.postmortem();
      if (number != null) {
        items.findByPostmortem(number).forEach(item -> all.put(item.id(), item));
      }
      all.put(traced.id(), traced);
    }
    return List.copyOf(all.values());
  }

  private Map<Long, StoredPostmortem> postmortems(
      IdResolver.ResolvedId found, List<RecordRef> family, List<ActionItem> all) {
    Set<Long> numbers = new LinkedHashSet<>();
    if (!family.isEmpty()) {
      numbers.addAll(queries.findPostmortems(family));
    }
    StoredPostmortem traced = found.postmortem();
    if (traced != null) {
      numbers.add(traced.id());
    }
    for (ActionItem item : all) {
      Long number = item.postmortem();
      if (number != null) {
        numbers.add(number);
      }
    }
    Map<Long, StoredPostmortem> stored = new TreeMap<>();
    numbers.forEach(number -> postmortems.find(number).ifPresent(it -> stored.put(number, it)));
    return stored;
  }

  private static String name(Map<Long, StoredPostmortem> stored, @Nullable Long number) {
    StoredPostmortem found = number == null ? null : stored.get(number);
    return found == null ? "" : PostmortemViews.name(found);
  }

  private DuplicateEntry view(
      Duplicate duplicate, List<IncidentQueries.IncidentSummary> reports, List<Event> events) {
    IncidentQueries.IncidentSummary report =
        reports.stream()
            .filter(each -> each.records().contains(duplicate.duplicate()))
            .findFirst()
            .orElse(null);
    String key = report == null ? duplicate.duplicate().toString() : report.key();
    var since = duplicates.changedAt(duplicate);
    for (var event : duplicates.history(duplicate)) {
      events.add(new Event(event.at(), key, event.what(), event.text(), event.by()));
      if (event.what().equals(duplicate.state().name().toLowerCase(Locale.ROOT))) {
        since = event.at();
      }
    }
    if (report != null) {
      // Without its title: only today's title is known, which may not be the one it was opened
      // with.
      events.add(new Event(report.openedAt(), key, "opened", "", ""));
    }
    return new DuplicateEntry(
        key,
        report == null ? "" : report.title(),
        report == null ? "" : report.url(),
        duplicate.state().name(),
        since,
        duplicate.decidedBy());
  }

  private void addPairEvents(TracedIncident incident, List<Event> events) {
    Pair pair = incident.pair();
    if (pair == null) {
      return;
    }
    for (AuditEvent event : pairs.history(pair.id(), PAIR_EVENTS)) {
      AuditEntry entry = event.entry();
      events.add(new Event(event.at(), incident.key(), entry.what(), entry.text(), ""));
    }
  }
}
