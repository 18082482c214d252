package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.LocalRecordId;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.record.Visibility;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.NoteSender;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Plans one action item: its owner, its due date and the type of its change request. */
@Component
class ActionItemPlanner {
  private static final Logger LOG = LoggerFactory.getLogger(ActionItemPlanner.class);
  private static final String SUCCESSOR = "successor";

  private final ActionItems items;
  private final MappingCatalog mappings;
  private final IncidentLookup incidents;
  private final OwnerResolver owners;
  private final NoteStore notes;
  private final NoteSender sender;
  private final PostmortemSettings settings;

  ActionItemPlanner(
      ActionItems items,
      MappingCatalog mappings,
      IncidentLookup incidents,
      OwnerResolver owners,
      NoteStore notes,
      NoteSender sender,
      PostmortemSettings settings) {
    this.items = items;
    this.mappings = mappings;
    this.incidents = incidents;
    this.owners = owners;
    this.notes = notes;
    this.sender = sender;
    this.settings = settings;
  }

  /** Idempotent: may run again at any time with the same result. */
  void plan(RecordRef localRecord) {
    ActionItem item = find(localRecord).orElse(null);
    if (item == null || item.stage().isFinished() || isEarlier(localRecord, item)) {
      return;
    }
    RecordRef of = item.incident();
    Incident incident = of == null ? null : incidents.find(of).orElse(null);
    String service =
        item.service().isEmpty() && incident != null ? incident.value("service") : item.service();
    OwnerResolver.ResolvedOwner owner = owner(item, service);
    // Only empty fields are filled, so that edits in the change request are kept. A later edit of
    // the source schedules the item again.
    items.change(
        item.id(),
        "",
        localRecord,
        known -> isSame(known, item) ? withPlan(known, service, owner) : known);
  }

  private static boolean isSame(ActionItem now, ActionItem previous) {
    return now.sourceItem().equals(previous.sourceItem())
        && Objects.equals(now.incident(), previous.incident());
  }

  Optional<ActionItem> find(RecordRef localRecord) {
    return LocalRecordId.parse(localRecord.id()).flatMap(parsed -> items.find(parsed.item()));
  }

  private static int attempt(RecordRef localRecord) {
    return LocalRecordId.parse(localRecord.id()).orElseThrow().attempt();
  }

  /** Whether it is the record of a change request that failed and has a successor. */
  private static boolean isEarlier(RecordRef localRecord, ActionItem item) {
    return attempt(localRecord) < item.earlier().size();
  }

  /** Whether the pair keeps an item in step with the issue it is followed up in. */
  boolean isFollowUp(RecordRef localRecord, Pair pair) {
    Side side = Objects.requireNonNull(pair.sideOf(localRecord));
    return mappings
        .findByName(pair.mapping())
        .map(mapping -> !mapping.mayStart(side))
        .orElse(false);
  }

  /** Without its change request the item is open again, until the change request reappears. */
  void markChangePresent(RecordRef localRecord, boolean there) {
    items.markChangePresent(LocalRecordId.parse(localRecord.id()).orElseThrow(), there);
  }

  /**
   * Adds a note to a failed change request that names its successor. If a closed one refuses it,
   * the note waits and is sent when the change request is reopened.
   */
  void sendSuccessorNote(RecordRef localRecord, Pair pair) {
    ActionItem item = find(localRecord).orElseThrow();
    String successor =
        isEarlier(localRecord, item)
            ? item.forAttempt(attempt(localRecord) + 1).change().key()
            : "";
    RecordRef target = pair.ref(Objects.requireNonNull(pair.sideOf(localRecord)).other());
    if (successor.isEmpty() || target == null) {
      return;
    }
    sender.enqueue(
        localRecord,
        SUCCESSOR,
        Visibility.INTERNAL,
        "%s \"%s\" was open again and is continued in %s. If it is not wanted any more, cancel the action item where it is listed."
            .formatted(item.key(), item.title(), successor));
    for (StoredNote note : notes.open(List.of(localRecord))) {
      if (note.note().id().equals(SUCCESSOR)) {
        send(note, target, pair);
      }
    }
  }

  private void send(StoredNote note, RecordRef target, Pair pair) {
    try {
      sender.send(note, target, sender.settle(note, target));
    } catch (RequestRejectedException e) {
      if (!isClosed(target, pair)) {
        sender.refuse(note, target, e);
      }
    } catch (RecordNotFoundException e) {
      // The pair will be marked broken; the note is sent if the record reappears.
      LOG.info("{} was deleted; its successor is not noted on it", target);
    }
  }

  private boolean isClosed(RecordRef target, Pair pair) {
    Side side = Objects.requireNonNull(pair.sideOf(target));
    Snapshot seen = pair.seen(side);
    return seen != null
        && mappings
            .findByName(pair.mapping())
            .map(mapping -> mapping.isClosed(side, seen.values()))
            .orElse(false);
  }

  private ActionItem withPlan(ActionItem item, String service, OwnerResolver.ResolvedOwner owner) {
    List<String> problems = new ArrayList<>();
    String email = item.owner().isEmpty() ? owner.email() : item.owner();
    LocalDate due = item.due() == null ? due(item) : item.due();
    if (email.isEmpty()) {
      problems.add(owner.problem());
    }
    if (due == null) {
      problems.add("no due date is committed" + where(item) + "; add one, for example 2026-12-31");
    }
    item.sourceItem().problems().stream()
        .filter(problem -> !problems.contains(problem))
        .forEach(problems::add);
    return item.edit()
        .service(service)
        .owner(email)
        .due(due)
        .group(item.group().isEmpty() ? settings.groupFor(service) : item.group())
        .type(
            item.type().isEmpty()
                ? settings.type(item.sourceItem().priority(), item.sourceItem().labels())
                : item.type())
        .problems(problems)
        .done();
  }

  private OwnerResolver.ResolvedOwner owner(ActionItem item, String service) {
    if (!item.owner().isEmpty()) {
      return new OwnerResolver.ResolvedOwner(item.owner(), "");
    }
    String sourceItem = item.sourceItem().owner();
    String wanted =
        sourceItem == null || sourceItem.isBlank() ? settings.ownerFor(service) : sourceItem;
    if (wanted.isBlank()) {
      return new OwnerResolver.ResolvedOwner(
          "", "no owner is named" + where(item) + "; add one by e-mail address");
    }
    return changes()
        .map(system -> owners.find(system, wanted))
        .orElseGet(
            () -> new OwnerResolver.ResolvedOwner("", "no mapping says where changes are kept"));
  }

  private static String where(ActionItem item) {
    return item.sourceItem().line() > 0 ? " in line " + item.sourceItem().line() : "";
  }

  private @Nullable LocalDate due(ActionItem item) {
    LocalDate begun = LocalDate.ofInstant(item.createdAt(), ZoneOffset.UTC);
    return settings.due(item.sourceItem().priority(), begun).orElse(null);
  }

  /** The system in which change requests are created. */
  private Optional<String> changes() {
    return mappings.forRecord(ActionItem.SYSTEM, ActionItem.KIND).stream()
        .filter(place -> place.mapping().mayStart(place.side()))
        .map(place -> counterpart(place.mapping(), place.side()))
        .findFirst();
  }

  private static String counterpart(Mapping mapping, Side side) {
    return mapping.system(side.other());
  }
}
