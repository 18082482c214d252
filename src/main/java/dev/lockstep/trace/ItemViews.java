package dev.lockstep.trace;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditEvent;
import dev.lockstep.pair.PairStore;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemAudit;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Snapshot;
import dev.lockstep.trace.Traces.Event;
import dev.lockstep.trace.Traces.HistoryEvent;
import dev.lockstep.trace.Traces.Item;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Action items with their changes and the history of both. */
@Component
class ItemViews {
  /** Audit entries of one change of an item are written within this time. */
  private static final Duration TOGETHER = Duration.ofSeconds(2);

  private final ActionItemAudit audit;
  private final PairStore pairs;
  private final Clock clock;

  ItemViews(ActionItemAudit audit, PairStore pairs, Clock clock) {
    this.audit = audit;
    this.pairs = pairs;
    this.clock = clock;
  }

  Item toItem(ActionItem item, String postmortem) {
    List<HistoryEvent> history =
        audit.history(item).stream().map(ItemViews::toHistoryEvent).toList();
    RecordRef incident = item.incident();
    return new Item(
        item.key(),
        item.title(),
        owner(item),
        item.due(),
        isOverdue(item, today(clock)),
        item.stage().slug(),
        item.statusText(),
        item.problems(),
        incident == null ? "" : incident.toString(),
        postmortem,
        item.service(),
        Objects.toString(item.sourceItem().ticket(), ""),
        item.sourceItem().line(),
        deployed(item),
        item.hasChange() ? change(item, history) : null,
        IntStream.range(0, item.earlier().size())
            .mapToObj(attempt -> change(item.forAttempt(attempt), history))
            .toList(),
        history);
  }

  private static HistoryEvent toHistoryEvent(AuditEvent event) {
    AuditEntry entry = event.entry();
    return new HistoryEvent(event.at(), entry.what(), entry.text(), entry.actor());
  }

  static LocalDate today(Clock clock) {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  static boolean isOverdue(ActionItem item, LocalDate today) {
    LocalDate due = item.due();
    return due != null && due.isBefore(today) && !item.stage().isFinished();
  }

  /** The resolved owner, else the name given by the source. */
  static String owner(ActionItem item) {
    return item.owner().isEmpty() ? Objects.toString(item.sourceItem().owner(), "") : item.owner();
  }

  private static @Nullable Boolean deployed(ActionItem item) {
    return switch (item.stage()) {
      case DEPLOYED -> true;
      case REOPENED -> false;
      case NEEDS_OWNER, NEEDS_DUE_DATE, NEEDS_STATUS, READY, IN_CHANGE, DONE, CANCELLED -> null;
    };
  }

  private Traces.Change change(ActionItem item, List<HistoryEvent> history) {
    Snapshot seen = counterpart(item).orElse(null);
    var change = item.change();
    List<HistoryEvent> moves =
        history.stream()
            .filter(event -> event.what().equals("change"))
            .filter(event -> event.text().startsWith(change.key() + " ") || change.key().isEmpty())
            .toList();
    Boolean deployed = change.failed() ? Boolean.FALSE : change.isClosed() ? Boolean.TRUE : null;
    return new Traces.Change(
        change.key().isEmpty() && seen != null ? seen.key() : change.key(),
        seen == null ? "" : seen.url(),
        change.effectiveState(),
        change.closeCode(),
        change.by(),
        change.start(),
        change.end(),
        deployed,
        moves.isEmpty() ? null : moves.get(0).at(),
        deployed == null || moves.isEmpty() ? null : moves.get(moves.size() - 1).at(),
        moves);
  }

  private Optional<Snapshot> counterpart(ActionItem item) {
    return pairs.findAll(item.ref()).stream()
        .map(pair -> pair.seen(Objects.requireNonNull(pair.sideOf(item.ref())).other()))
        .filter(Objects::nonNull)
        .findFirst();
  }

  /**
   * One line per event: a change that moved is recorded as such and, if it changed the item's
   * status, as that too.
   */
  static List<Event> events(Item item) {
    List<Event> events = new ArrayList<>();
    for (HistoryEvent now : item.history()) {
      HistoryEvent shown = now;
      if (now.what().equals(ActionItemStatus.REOPENED.slug())) {
        shown = new HistoryEvent(now.at(), "failed", now.text(), now.by());
      }
      Event last = events.isEmpty() ? null : events.get(events.size() - 1);
      if (last != null && isSame(last, now)) {
        if (now.what().equals(ActionItemStatus.IN_CHANGE.slug())) {
          continue;
        }
        String by = now.by().isEmpty() ? last.by() : now.by();
        shown = new HistoryEvent(last.at(), shown.what(), shown.text(), by);
        events.remove(events.size() - 1);
      }
      events.add(new Event(shown.at(), item.key(), shown.what(), shown.text(), shown.by()));
    }
    return events;
  }

  private static boolean isSame(Event change, HistoryEvent stage) {
    return change.what().equals("change")
        && !stage.what().equals("change")
        && stage.text().endsWith(change.text())
        && !stage.at().isAfter(change.at().plus(TOGETHER));
  }
}
