package dev.lockstep.trace;

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
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
    Pair pair = incident == null ? null : pair(incident).orElse(null);
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
    if (incident != null) {
      addOpened(incident, pair, events);
      if (pair != null) {
        addPairEvents(pair, incident.seen().key(), events);
      }
      events.addAll(queries.closureEvents(records, incident.noteSource(), incident.seen().key()));
    }
    stored.values().forEach(each -> addReceived(each, events));
    shown.forEach(item -> events.addAll(ItemViews.events(item)));
    events.sort(Comparator.comparing(Event::at));
    return new Trace(
        tracedId,
        incident == null ? null : view(incident, pair),
        alert(incident, pair),
        named,
        stored.values().stream().map(TraceBuilder::view).toList(),
        shown,
        StatusSummary.summarize(all),
        events);
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
    return found == null ? "" : name(found);
  }

  /** A postmortem sent without a name is identified by the incident it names. */
  private static String name(StoredPostmortem postmortem) {
    return postmortem.name().isEmpty() ? postmortem.names() : postmortem.name();
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

  private void addPairEvents(Pair pair, String key, List<Event> events) {
    for (AuditEvent event : pairs.history(pair.id(), PAIR_EVENTS)) {
      events.add(new Event(event.at(), key, event.entry().what(), event.entry().text(), ""));
    }
  }

  private void addOpened(Incident incident, @Nullable Pair pair, List<Event> events) {
    for (Snapshot seen : seen(incident, pair)) {
      if (seen.openedAt() != null) {
        String what = seen.equals(platform(incident, pair)) ? "alerted" : "opened";
        // Without its title: only today's title is known, which may not be the one it was opened
        // with.
        events.add(new Event(seen.openedAt(), seen.key(), what, "in " + seen.ref().system(), ""));
      }
    }
  }

  /** All its records: those of the ticket's pair first. */
  private List<Snapshot> seen(Incident incident, @Nullable Pair pair) {
    if (pair == null) {
      return List.of(incident.seen());
    }
    Map<RecordRef, Snapshot> seen = new LinkedHashMap<>();
    List<Pair> shown = new ArrayList<>(List.of(pair));
    shown.addAll(pairs.load(pair.correlation()).pairs());
    for (Pair each : shown) {
      for (Side side : Side.values()) {
        Snapshot record = each.seen(side);
        if (record != null && incident.records().contains(record.ref())) {
          seen.putIfAbsent(record.ref(), record);
        }
      }
    }
    return List.copyOf(seen.values());
  }

  private static void addReceived(StoredPostmortem postmortem, List<Event> events) {
    String name = name(postmortem);
    events.add(
        new Event(
            postmortem.receivedAt(),
            name,
            "received",
            "Postmortem \"%s\"".formatted(postmortem.title()),
            ""));
    if (postmortem.changedAt().isAfter(postmortem.receivedAt())) {
      events.add(
          new Event(postmortem.changedAt(), name, "changed", "The postmortem was changed", ""));
    }
  }

  private Root view(Incident incident, @Nullable Pair pair) {
    Snapshot seen = incident.seen();
    return new Root(
        seen.key(),
        seen.url(),
        seen.values().getOrDefault("title", ""),
        new TreeMap<>(seen.values()),
        seen.openedAt(),
        seen(incident, pair).stream().map(TraceBuilder::member).toList());
  }

  /** The platform's record, which may be the only one. */
  private static @Nullable Snapshot platform(@Nullable Incident incident, @Nullable Pair pair) {
    if (pair != null) {
      return pair.rightSeen();
    }
    return incident != null && incident.side() == Side.RIGHT ? incident.seen() : null;
  }

  private static @Nullable Member alert(@Nullable Incident incident, @Nullable Pair pair) {
    Snapshot seen = platform(incident, pair);
    return seen == null ? null : member(seen);
  }

  private static Member member(Snapshot seen) {
    return new Member(
        seen.ref().system(),
        seen.ref().toString(),
        seen.key(),
        seen.url(),
        seen.values().getOrDefault("status", ""),
        seen.openedAt());
  }

  private static Postmortem view(StoredPostmortem postmortem) {
    return new Postmortem(
        name(postmortem),
        postmortem.title(),
        postmortem.url(),
        postmortem.receivedAt(),
        postmortem.changedAt());
  }
}
