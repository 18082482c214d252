package dev.lockstep.trace;

import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.Filed;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.postmortem.followup.IncidentLookup;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
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

/** Gathers the chain of one incident, or of what has none. */
class TraceBuilder implements Traces {
  private final IdResolver lookup;
  private final IncidentLookup incidents;
  private final PairStore pairs;
  private final DuplicateStore duplicates;
  private final IncidentQueries known;
  private final TraceQueries ledger;
  private final PostmortemStore postmortems;
  private final ActionItemStore items;
  private final ItemViews views;

  TraceBuilder(
      IdResolver lookup,
      IncidentLookup incidents,
      PairStore pairs,
      DuplicateStore duplicates,
      IncidentQueries known,
      TraceQueries ledger,
      PostmortemStore postmortems,
      ActionItemStore items,
      ItemViews views) {
    this.lookup = lookup;
    this.incidents = incidents;
    this.pairs = pairs;
    this.duplicates = duplicates;
    this.known = known;
    this.ledger = ledger;
    this.postmortems = postmortems;
    this.items = items;
    this.views = views;
  }

  @Override
  public Optional<Trace> find(String id) {
    String text = id.strip();
    return text.isEmpty() ? Optional.empty() : lookup.find(text).map(found -> trace(text, found));
  }

  private Trace trace(String id, IdResolver.Found found) {
    RecordRef start = found.incident();
    Incident own = start == null ? null : incidents.known(start).orElse(null);
    Optional<Duplicate> hangs = start == null ? Optional.empty() : hangs(start, own);
    Incident incident = hangs.flatMap(it -> incidents.known(it.primary())).orElse(own);
    Set<RecordRef> records = new LinkedHashSet<>();
    if (incident != null) {
      records.addAll(incident.records());
    }
    hangs.ifPresent(it -> records.add(it.primary()));
    if (records.isEmpty() && start != null) {
      records.add(start);
    }
    return whole(
        asked(id, found, hangs.isPresent() ? incident : null),
        found,
        incident,
        List.copyOf(records));
  }

  /** What an incident hangs under, if it is a duplicate. */
  private Optional<Duplicate> hangs(RecordRef start, @Nullable Incident own) {
    Set<RecordRef> records = new LinkedHashSet<>(List.of(start));
    if (own != null) {
      records.addAll(own.records());
    }
    return duplicates.findActive(List.copyOf(records));
  }

  private static Asked asked(String id, IdResolver.Found found, @Nullable Incident primary) {
    boolean duplicate = primary != null && found.kind().equals("incident");
    return new Asked(
        id,
        duplicate ? "duplicate" : found.kind(),
        found.key(),
        primary == null ? "" : primary.seen().key());
  }

  private Trace whole(
      Asked asked, IdResolver.Found found, @Nullable Incident incident, List<RecordRef> records) {
    Pair pair = incident == null ? null : pair(incident).orElse(null);
    List<Duplicate> under = duplicates.findChildren(records);
    List<IncidentQueries.Known> reports =
        known.of(under.stream().map(Duplicate::duplicate).toList());
    Set<RecordRef> family = new LinkedHashSet<>(records);
    under.forEach(duplicate -> family.add(duplicate.duplicate()));
    reports.forEach(report -> family.addAll(report.records()));

    List<ActionItem> all = items(found, List.copyOf(family));
    Map<Long, Filed> filed = postmortems(found, List.copyOf(family), all);
    List<Item> shown =
        all.stream().map(item -> views.of(item, name(filed, item.postmortem()))).toList();

    List<Event> events = new ArrayList<>();
    List<DuplicateEntry> named = new ArrayList<>();
    for (Duplicate duplicate : under) {
      named.add(view(duplicate, reports, events));
    }
    if (incident != null) {
      opened(incident, pair, events);
      if (pair != null) {
        events.addAll(ledger.ofPair(pair.id(), incident.seen().key()));
      }
      events.addAll(ledger.ofClosure(records, incident.voice(), incident.seen().key()));
    }
    filed.values().forEach(each -> received(each, events));
    shown.forEach(item -> events.addAll(ItemViews.events(item)));
    events.sort(Comparator.comparing(Event::at));
    return new Trace(
        asked,
        incident == null ? null : view(incident, pair),
        alert(incident, pair),
        named,
        filed.values().stream().map(TraceBuilder::view).toList(),
        shown,
        StatusSummary.of(all),
        events);
  }

  private Optional<Pair> pair(Incident incident) {
    return incident.records().stream()
        .map(pairs::find)
        .flatMap(Optional::stream)
        .filter(pair -> pair.state() != Pair.State.ENDED)
        .findFirst();
  }

  /** Of the incident and its duplicates; else of the postmortem; else the one asked for. */
  private List<ActionItem> items(IdResolver.Found found, List<RecordRef> family) {
    Map<Long, ActionItem> all = new TreeMap<>();
    if (!family.isEmpty()) {
      items.ofIncidents(family).forEach(item -> all.put(item.id(), item));
    }
    Filed filed = found.postmortem();
    ActionItem asked = found.item();
    if (filed != null) {
      items.ofPostmortem(filed.id()).forEach(item -> all.put(item.id(), item));
    }
    if (asked != null) {
      Long number = asked.postmortem();
      if (number != null) {
        items.ofPostmortem(number).forEach(item -> all.put(item.id(), item));
      }
      all.put(asked.id(), asked);
    }
    return List.copyOf(all.values());
  }

  private Map<Long, Filed> postmortems(
      IdResolver.Found found, List<RecordRef> family, List<ActionItem> all) {
    Set<Long> numbers = new LinkedHashSet<>();
    if (!family.isEmpty()) {
      numbers.addAll(ledger.postmortemsOf(family));
    }
    Filed asked = found.postmortem();
    if (asked != null) {
      numbers.add(asked.id());
    }
    for (ActionItem item : all) {
      Long number = item.postmortem();
      if (number != null) {
        numbers.add(number);
      }
    }
    Map<Long, Filed> filed = new TreeMap<>();
    numbers.forEach(number -> postmortems.find(number).ifPresent(it -> filed.put(number, it)));
    return filed;
  }

  private static String name(Map<Long, Filed> filed, @Nullable Long number) {
    Filed postmortem = number == null ? null : filed.get(number);
    return postmortem == null ? "" : name(postmortem);
  }

  /** One that was sent without a name is known by the incident it names. */
  private static String name(Filed postmortem) {
    return postmortem.name().isEmpty() ? postmortem.names() : postmortem.name();
  }

  private DuplicateEntry view(
      Duplicate duplicate, List<IncidentQueries.Known> reports, List<Event> events) {
    IncidentQueries.Known report =
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
      // Without its title: what is known is today's, and may not be what it was opened with.
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

  private static void opened(Incident incident, @Nullable Pair pair, List<Event> events) {
    for (Snapshot seen : seen(incident, pair)) {
      if (seen.openedAt() != null) {
        String what = seen.equals(platform(incident, pair)) ? "alerted" : "opened";
        // Without its title: what is known is today's, and may not be what it was opened with.
        events.add(new Event(seen.openedAt(), seen.key(), what, "in " + seen.ref().system(), ""));
      }
    }
  }

  private static List<Snapshot> seen(Incident incident, @Nullable Pair pair) {
    if (pair == null) {
      return List.of(incident.seen());
    }
    List<Snapshot> seen = new ArrayList<>();
    for (Side side : Side.values()) {
      Snapshot each = pair.seen(side);
      if (each != null) {
        seen.add(each);
      }
    }
    return seen;
  }

  private static void received(Filed filed, List<Event> events) {
    String name = name(filed);
    events.add(
        new Event(
            filed.receivedAt(), name, "received", "Postmortem «%s»".formatted(filed.title()), ""));
    if (filed.changedAt().isAfter(filed.receivedAt())) {
      events.add(new Event(filed.changedAt(), name, "changed", "The postmortem was changed", ""));
    }
  }

  private static Root view(Incident incident, @Nullable Pair pair) {
    Snapshot seen = incident.seen();
    return new Root(
        seen.key(),
        seen.url(),
        seen.values().getOrDefault("title", ""),
        new TreeMap<>(seen.values()),
        seen.openedAt(),
        seen(incident, pair).stream().map(TraceBuilder::member).toList());
  }

  /** The platform's record, which may be all there is. */
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

  private static Postmortem view(Filed filed) {
    return new Postmortem(
        name(filed), filed.title(), filed.url(), filed.receivedAt(), filed.changedAt());
  }
}
