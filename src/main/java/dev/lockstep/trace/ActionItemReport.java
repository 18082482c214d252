package dev.lockstep.trace;

import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.trace.IncidentQueries.IncidentSummary;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks every action item against the tables. */
@Component
class ActionItemReport implements ActionReports {
  private static final Comparator<Line> LATEST_FIRST =
      Comparator.comparing(Line::due, Comparator.nullsLast(Comparator.naturalOrder()));

  private final ActionItemStore store;
  private final ActionItemAudit audit;
  private final DuplicateStore duplicates;
  private final IncidentQueries known;
  private final Clock clock;

  ActionItemReport(
      ActionItemStore store,
      ActionItemAudit audit,
      DuplicateStore duplicates,
      IncidentQueries known,
      Clock clock) {
    this.store = store;
    this.audit = audit;
    this.duplicates = duplicates;
    this.known = known;
    this.clock = clock;
  }

  /** An item and its findings. */
  private record CheckedItem(ActionItem item, List<Finding> findings) {}

  @Override
  public Report report(Filter filter) {
    LocalDate today = ItemViews.today(clock);
    List<CheckedItem> judged =
        store.findAll().stream()
            .filter(item -> matches(filter, item))
            .map(item -> new CheckedItem(item, findings(item, today)))
            .filter(each -> !filter.overdue() || each.findings().contains(Finding.OVERDUE))
            .toList();
    Map<RecordRef, IncidentSummary> own = ownIncidents(judged);
    List<Line> lines =
        judged.stream()
            .filter(each -> !each.findings().isEmpty())
            .map(each -> line(each, own, today))
            .sorted(LATEST_FIRST)
            .toList();
    return new Report(
        clock.instant(),
        judged.size(),
        group("", judged),
        lines,
        groups(judged, each -> each.item().service()),
        groups(judged, each -> ItemViews.owner(each.item())),
        recurrence(judged.stream().map(CheckedItem::item).toList(), own));
  }

  private static boolean matches(Filter filter, ActionItem item) {
    return (filter.service().isEmpty() || filter.service().equalsIgnoreCase(item.service()))
        && (filter.owner().isEmpty() || filter.owner().equalsIgnoreCase(ItemViews.owner(item)));
  }

  private static List<Finding> findings(ActionItem item, LocalDate today) {
    List<Finding> wrong = new ArrayList<>();
    if (item.stage().isFinished()) {
      return wrong;
    }
    if (ItemViews.isOverdue(item, today)) {
      wrong.add(Finding.OVERDUE);
    }
    if (item.owner().isEmpty()) {
      wrong.add(Finding.NO_OWNER);
    }
    if (item.due() == null) {
      wrong.add(Finding.NO_DUE_DATE);
    }
    if (!item.hasChange()) {
      wrong.add(Finding.NO_CHANGE);
    }
    if (item.stage() == ActionItemStatus.REOPENED) {
      wrong.add(Finding.REOPENED);
    }
    return wrong;
  }

  /** By each of their records. */
  private Map<RecordRef, IncidentSummary> ownIncidents(List<CheckedItem> judged) {
    List<RecordRef> refs =
        judged.stream().map(each -> each.item().incident()).filter(Objects::nonNull).toList();
    Map<RecordRef, IncidentSummary> own = new HashMap<>();
    known
        .find(refs.stream().distinct().toList())
        .forEach(incident -> incident.records().forEach(ref -> own.put(ref, incident)));
    return own;
  }

  private static Line line(
      CheckedItem judged, Map<RecordRef, IncidentSummary> own, LocalDate today) {
    ActionItem item = judged.item();
    LocalDate due = item.due();
    RecordRef ref = item.incident();
    IncidentSummary incident = ref == null ? null : own.get(ref);
    boolean late = due != null && judged.findings().contains(Finding.OVERDUE);
    return new Line(
        item.key(),
        item.title(),
        item.service(),
        ItemViews.owner(item),
        due,
        late && due != null ? ChronoUnit.DAYS.between(due, today) : 0,
        item.stage().slug(),
        item.statusText(),
        judged.findings(),
        incident != null ? incident.key() : ref == null ? "" : ref.toString(),
        item.change().key(),
        item.earlier().stream().map(attempt -> attempt.change().key()).toList());
  }

  private static List<Group> groups(List<CheckedItem> judged, Function<CheckedItem, String> name) {
    Map<String, List<CheckedItem>> byName =
        judged.stream().collect(Collectors.groupingBy(name, TreeMap::new, Collectors.toList()));
    return byName.entrySet().stream()
        .map(entry -> group(entry.getKey(), entry.getValue()))
        .filter(group -> group.open() > 0)
        .toList();
  }

  private static Group group(String name, List<CheckedItem> judged) {
    return new Group(
        name,
        judged.size(),
        (int) judged.stream().filter(each -> !each.item().stage().isFinished()).count(),
        count(judged, Finding.OVERDUE),
        count(judged, Finding.NO_OWNER),
        count(judged, Finding.NO_DUE_DATE),
        count(judged, Finding.NO_CHANGE),
        count(judged, Finding.REOPENED));
  }

  private static int count(List<CheckedItem> judged, Finding wrong) {
    return (int) judged.stream().filter(each -> each.findings().contains(wrong)).count();
  }

  private List<Recurrence> recurrence(List<ActionItem> items, Map<RecordRef, IncidentSummary> own) {
    Map<String, List<ActionItem>> byService = new TreeMap<>();
    for (ActionItem item : items) {
      if (!item.service().isBlank()) {
        byService.computeIfAbsent(normalized(item.service()), key -> new ArrayList<>()).add(item);
      }
    }
    Instant first =
        byService.values().stream()
            .flatMap(List::stream)
            .map(ActionItem::createdAt)
            .min(Comparator.naturalOrder())
            .orElse(null);
    if (first == null) {
      return List.of();
    }
    Map<String, List<IncidentSummary>> opened =
        primaries(known.openedSince(first)).stream()
            .collect(Collectors.groupingBy(incident -> normalized(incident.service())));
    Map<RecordRef, RecordRef> primaryOf = duplicates.findPrimaries(List.copyOf(own.keySet()));
    Map<Long, Instant> over = audit.finishedAt();
    List<Recurrence> found = new ArrayList<>();
    byService.forEach(
        (service, ofIt) -> {
          Recurrence again =
              recurrence(ofIt, opened.getOrDefault(service, List.of()), own, primaryOf, over);
          if (!again.incidents().isEmpty()) {
            found.add(again);
          }
        });
    return found;
  }

  private static String normalized(String service) {
    return service.strip().toLowerCase(Locale.ROOT);
  }

  private List<IncidentSummary> primaries(List<IncidentSummary> opened) {
    List<RecordRef> refs = opened.stream().flatMap(each -> each.records().stream()).toList();
    Set<RecordRef> hanging = duplicates.findPrimaries(refs).keySet();
    return opened.stream()
        .filter(each -> each.records().stream().noneMatch(hanging::contains))
        .sorted(Comparator.comparing(IncidentSummary::openedAt))
        .toList();
  }

  private static Recurrence recurrence(
      List<ActionItem> items,
      List<IncidentSummary> opened,
      Map<RecordRef, IncidentSummary> own,
      Map<RecordRef, RecordRef> primaryOf,
      Map<Long, Instant> over) {
    Set<IncidentSummary> all = new LinkedHashSet<>();
    List<RecurringItem> meanwhile = new ArrayList<>();
    for (ActionItem item : items) {
      Set<RecordRef> itsOwn = incidentsOf(item, own, primaryOf);
      Instant until = item.stage().isFinished() ? over.get(item.id()) : Instant.MAX;
      List<IncidentSummary> since =
          opened.stream()
              .filter(each -> each.openedAt().isAfter(item.createdAt()))
              .filter(each -> until != null && each.openedAt().isBefore(until))
              .filter(each -> each.records().stream().noneMatch(itsOwn::contains))
              .toList();
      if (!since.isEmpty()) {
        all.addAll(since);
        meanwhile.add(
            new RecurringItem(item.key(), item.title(), item.stage().slug(), since.size()));
      }
    }
    return new Recurrence(
        items.get(0).service(),
        all.stream()
            .sorted(Comparator.comparing(IncidentSummary::openedAt))
            .map(IncidentSummary::key)
            .toList(),
        meanwhile);
  }

  /** The records of its incident, and of the primary that the incident is a duplicate of. */
  private static Set<RecordRef> incidentsOf(
      ActionItem item, Map<RecordRef, IncidentSummary> own, Map<RecordRef, RecordRef> primaryOf) {
    Set<RecordRef> records = new LinkedHashSet<>();
    RecordRef ref = item.incident();
    if (ref != null) {
      records.add(ref);
      @Nullable IncidentSummary incident = own.get(ref);
      if (incident != null) {
        records.addAll(incident.records());
      }
      List.copyOf(records)
          .forEach(
              each -> {
                RecordRef primary = primaryOf.get(each);
                if (primary != null) {
                  records.add(primary);
                }
              });
    }
    return records;
  }
}
