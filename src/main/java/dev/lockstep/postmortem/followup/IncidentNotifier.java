package dev.lockstep.postmortem.followup;

import dev.lockstep.connector.RecordNotFoundException;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.duplicates.ticket.Duplicate;
import dev.lockstep.duplicates.ticket.DuplicateStore;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.StoredNote;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.settings.PostmortemSettings;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Visibility;
import dev.lockstep.sync.NoteSender;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notifies an incident of its action items, in one note since each note is an API call, and then
 * checks whether it may be closed.
 */
@Component
class IncidentNotifier {
  private static final Logger LOG = LoggerFactory.getLogger(IncidentNotifier.class);

  /** The name of the note that is written when an incident is closed. */
  private static final String CLOSING = "timeline";

  private final IncidentLookup incidents;
  private final DuplicateStore duplicates;
  private final ActionItemStore store;
  private final ActionItems items;
  private final PostmortemStore postmortems;
  private final NoteStore notes;
  private final NoteSender sender;
  private final ClosureGuard guard;
  private final Optional<ClosingNote> closingNote;
  private final PostmortemSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;

  IncidentNotifier(
      IncidentLookup incidents,
      DuplicateStore duplicates,
      ActionItemStore store,
      ActionItems items,
      PostmortemStore postmortems,
      NoteStore notes,
      NoteSender sender,
      ClosureGuard guard,
      Optional<ClosingNote> closingNote,
      PostmortemSettings settings,
      TransactionTemplate transaction,
      Clock clock) {
    this.incidents = incidents;
    this.duplicates = duplicates;
    this.store = store;
    this.items = items;
    this.postmortems = postmortems;
    this.notes = notes;
    this.sender = sender;
    this.guard = guard;
    this.closingNote = closingNote;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Whether this record, of which nothing else is known, has something to report. */
  boolean handles(RecordRef ref) {
    return !store.findByIncidents(List.of(ref)).isEmpty()
        || postmortems.findUnnotified(List.of(ref)).isPresent();
  }

  void process(Incident incident) {
    if (!incident.isClosed() && !incidents.hasFollowUp(incident)) {
      return;
    }
    try {
      check(incident);
    } catch (RecordNotFoundException e) {
      // The notes are sent if the record reappears.
      LOG.info("{} was deleted and is not notified of its action items", incident.seen().key());
    }
  }

  private void check(Incident incident) {
    List<ActionItem> all = store.findByIncidents(incident.records());
    notifyUnread(incident);
    boolean pending = all.stream().anyMatch(this::isPending);
    if (!pending) {
      enqueue(incident, all);
      guard(incident, all);
    }
    sendNotes(incident);
  }

  /** Reports on the incident that it could not be reopened. */
  private void guard(Incident incident, List<ActionItem> all) {
    try {
      boolean staysClosed =
          guard.check(
              incident,
              () -> withDuplicates(incident, all),
              note -> enqueue(incident, note.name(), note.text()));
      if (staysClosed && incident.isClosed()) {
        closingNote.ifPresent(note -> enqueueOnce(incident, note));
      }
    } catch (RequestRejectedException e) {
      sendNotes(incident);
      throw e;
    }
  }

  /** The text is made only if no such note was stored yet, since that takes several queries. */
  private void enqueueOnce(Incident incident, ClosingNote note) {
    boolean isStored =
        incident.noteSources().stream().anyMatch(source -> notes.ids(source).contains(CLOSING));
    if (!isStored) {
      note.text(incident).ifPresent(text -> enqueue(incident, CLOSING, text));
    }
  }

  private List<ActionItem> withDuplicates(Incident incident, List<ActionItem> own) {
    List<ActionItem> items = new ArrayList<>(own);
    for (Duplicate duplicate : duplicates.findChildren(incident.records())) {
      RecordRef ref = duplicate.duplicate();
      List<RecordRef> records =
          incidents.findKnown(ref).map(Incident::records).orElseGet(() -> List.of(ref));
      items.addAll(store.findByIncidents(records));
    }
    return items;
  }

  /** The issue an item is followed up in was deleted. */
  void notifyFollowUpGone(Incident incident, ActionItem item) {
    enqueue(
        incident,
        "follow-up-gone:" + item.id() + ":" + item.followUp(),
        "%s \"%s\": the issue it is followed up in (%s) was deleted, or is no longer visible. Restore it, or name another one in the postmortem."
            .formatted(
                item.key(),
                item.title(),
                item.sourceItem().ticket() == null ? item.followUp() : item.sourceItem().ticket()));
    items.schedule(incident.ref());
  }

  /** Reports problems of a document imported from a folder, whose authors see no response. */
  private void notifyUnread(Incident incident) {
    postmortems
        .findUnnotified(incident.records())
        .ifPresent(
            postmortem ->
                transaction.executeWithoutResult(
                    status -> {
                      enqueue(
                          incident,
                          "unread:" + postmortem.id() + ":" + postmortem.changedAt().toEpochMilli(),
                          "These parts of its postmortem \"%s\" could not be read:\n%s"
                              .formatted(postmortem.title(), postmortem.unread()));
                      postmortems.markNotified(postmortem);
                    }));
  }

  /**
   * The item is being planned or its change created; it will be reported shortly, together with the
   * others. Reporting it now would claim that it lacks an owner who is just being looked up.
   */
  private boolean isPending(ActionItem item) {
    Instant since = clock.instant().minus(settings.guard().patience());
    return (item.isUnplanned() || item.stage() == ActionItemStatus.READY)
        && item.changedAt().isAfter(since);
  }

  private void enqueue(Incident incident, List<ActionItem> all) {
    List<ActionItem> untold =
        all.stream().filter(item -> !item.statusText().equals(item.notified())).toList();
    if (untold.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (ActionItem item : untold) {
      lines.add("%s \"%s\": %s".formatted(item.key(), item.title(), item.statusText()));
    }
    ActionItem last = untold.get(untold.size() - 1);
    transaction.executeWithoutResult(
        status -> {
          enqueue(
              incident,
              "items:" + last.id() + ":" + last.revision(),
              "Action items of its postmortem:\n" + String.join("\n", lines));
          untold.forEach(
              item ->
                  items.change(
                      item.id(),
                      "",
                      item.ref(),
                      now -> now.edit().notified(item.statusText()).done()));
        });
  }

  private void enqueue(Incident incident, String name, String text) {
    sender.enqueue(incident.noteSource(), name, Visibility.INTERNAL, text);
  }

  private void sendNotes(Incident incident) {
    boolean closed = incident.mapping().isClosed(incident.side(), incident.seen().values());
    for (StoredNote note : notes.open(incident.noteSources())) {
      try {
        sender.send(note, incident.ref(), sender.settle(note, incident.ref()));
      } catch (RequestRejectedException e) {
        if (closed) {
          // A closed ticket may refuse notes: they wait and are sent if it is reopened.
          return;
        }
        sender.refuse(note, incident.ref(), e);
      }
    }
  }
}
