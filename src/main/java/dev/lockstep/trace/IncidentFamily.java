package dev.lockstep.trace;

import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.record.RecordRef;
import dev.lockstep.trace.IncidentQueries.IncidentSummary;
import dev.lockstep.trace.Traces.Item;
import dev.lockstep.trace.timeline.TimelineEvent;
import dev.lockstep.trace.timeline.TimelineEvent.Weight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What belongs to an incident: its duplicates, postmortems and action items, with their history.
 */
@Component
class IncidentFamily {
  private static final Set<String> MILESTONES =
      Set.of("linked", "unlinked", "split", "received", "deployed", "failed");

  private final DuplicateStore duplicates;
  private final IncidentQueries known;
  private final TraceQueries queries;
  private final PostmortemStore postmortems;
  private final ActionItemStore items;
  private final ItemViews views;

  IncidentFamily(
      DuplicateStore duplicates,
      IncidentQueries known,
      TraceQueries queries,
      PostmortemStore postmortems,
      ActionItemStore items,
      ItemViews views) {
    this.duplicates = duplicates;
    this.known = known;
    this.queries = queries;
    this.postmortems = postmortems;
    this.items = items;
    this.views = views;
  }

  /**
   * @param records of the incident itself
   * @param tickets what is known of both sides of the duplicates
   * @param shown the items for display
   */
  record Members(
      List<RecordRef> records,
      List<Duplicate> duplicates,
      Map<Long, List<Duplicates.Event>> decisions,
      List<IncidentSummary> tickets,
      List<ActionItem> items,
      Map<Long, StoredPostmortem> postmortems,
      List<Item> shown) {

    Optional<IncidentSummary> find(RecordRef ticket) {
      return tickets.stream().filter(each -> each.records().contains(ticket)).findFirst();
    }

    String key(RecordRef ticket) {
      return find(ticket).map(IncidentSummary::key).orElseGet(ticket::toString);
    }
  }

  /**
   * @param linked its duplicates; their items belong to it
   * @param traced what was asked for, if that is an item or a postmortem
   */
  Members load(
      List<RecordRef> records, List<Duplicate> linked, IdResolver.@Nullable ResolvedId traced) {
    List<IncidentSummary> tickets =
        known.find(
            linked.stream()
                .flatMap(duplicate -> Stream.of(duplicate.duplicate(), duplicate.primary()))
                .distinct()
                .toList());
    Set<RecordRef> family = new LinkedHashSet<>(records);
    linked.stream()
        .map(Duplicate::duplicate)
        .filter(ticket -> !records.contains(ticket))
        .forEach(
            ticket -> {
              family.add(ticket);
              tickets.stream()
                  .filter(each -> each.records().contains(ticket))
                  .forEach(each -> family.addAll(each.records()));
            });
    List<ActionItem> all = items(traced, List.copyOf(family));
    Map<Long, StoredPostmortem> stored = postmortems(traced, List.copyOf(family), all);
    return new Members(
        records,
        linked,
        duplicates.histories(linked),
        tickets,
        all,
        stored,
        all.stream().map(item -> views.toItem(item, name(stored, item.postmortem()))).toList());
  }

  /** Items of the incident and its duplicates; else of the postmortem; else the traced one. */
  private List<ActionItem> items(IdResolver.@Nullable ResolvedId traced, List<RecordRef> family) {
    Map<Long, ActionItem> all = new TreeMap<>();
    if (!family.isEmpty()) {
      items.findByIncidents(family).forEach(item -> all.put(item.id(), item));
    }
    StoredPostmortem postmortem = traced == null ? null : traced.postmortem();
    ActionItem one = traced == null ? null : traced.item();
    if (postmortem != null) {
      items.findByPostmortem(postmortem.id()).forEach(item -> all.put(item.id(), item));
    }
    if (one != null) {
      Long number = one.postmortem();
      if (number != null) {
        items.findByPostmortem(number).forEach(item -> all.put(item.id(), item));
      }
      all.put(one.id(), one);
    }
    return List.copyOf(all.values());
  }

  private Map<Long, StoredPostmortem> postmortems(
      IdResolver.@Nullable ResolvedId traced, List<RecordRef> family, List<ActionItem> all) {
    Set<Long> numbers = new LinkedHashSet<>();
    if (!family.isEmpty()) {
      numbers.addAll(queries.findPostmortems(family));
    }
    StoredPostmortem one = traced == null ? null : traced.postmortem();
    if (one != null) {
      numbers.add(one.id());
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

  /** What happened to all of them. */
  List<TimelineEvent> events(Members members) {
    List<TimelineEvent> events = new ArrayList<>();
    members.duplicates().forEach(duplicate -> addDuplicate(members, duplicate, events));
    List<Traces.Event> follow = new ArrayList<>();
    members.postmortems().values().forEach(each -> follow.addAll(PostmortemViews.events(each)));
    members.shown().forEach(item -> follow.addAll(ItemViews.events(item)));
    follow.forEach(
        event -> events.add(event(event.at(), event.of(), event.what(), event.text(), event.by())));
    return events;
  }

  private static void addDuplicate(
      Members members, Duplicate duplicate, List<TimelineEvent> events) {
    RecordRef ticket = duplicate.duplicate();
    String key = members.key(ticket);
    boolean isOwn = members.records().contains(ticket);
    String primary = isOwn ? members.key(duplicate.primary()) : "";
    for (Duplicates.Event event : members.decisions().getOrDefault(duplicate.id(), List.of())) {
      String text = event.text();
      events.add(
          event(
              event.at(),
              key,
              event.what(),
              text.contains(primary) ? text : text + " (" + primary + ")",
              event.by()));
    }
    if (!isOwn) {
      // Without its title: only today's title is known, which may not be the one it was opened
      // with.
      members
          .find(ticket)
          .ifPresent(
              summary ->
                  events.add(
                      TimelineEvent.of(
                          ticket.system(), summary.openedAt(), key, "opened", "", "")));
    }
  }

  private static TimelineEvent event(Instant at, String key, String what, String text, String by) {
    TimelineEvent event = TimelineEvent.own(at, key, what, text, by);
    return MILESTONES.contains(what) ? event.withWeight(Weight.MILESTONE) : event;
  }
}
