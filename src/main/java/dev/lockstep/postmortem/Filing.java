package dev.lockstep.postmortem;

import dev.lockstep.connector.RetryLater;
import dev.lockstep.connector.Unavailable;
import dev.lockstep.postmortem.follow.Incident;
import dev.lockstep.postmortem.follow.Incidents;
import dev.lockstep.postmortem.item.ActionItem;
import dev.lockstep.postmortem.item.ActionItemStore;
import dev.lockstep.postmortem.item.ActionItems;
import dev.lockstep.postmortem.item.Matching;
import dev.lockstep.postmortem.item.PostmortemStore;
import dev.lockstep.postmortem.item.PostmortemStore.Filed;
import dev.lockstep.postmortem.item.Said;
import dev.lockstep.postmortem.item.Stage;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Files postmortems. One transaction takes in the document with all its items, so that one sent
 * again after an answer that was lost finds all of it or nothing.
 */
class Filing implements Postmortems {
  private static final Logger LOG = LoggerFactory.getLogger(Filing.class);

  private final PostmortemStore postmortems;
  private final ActionItemStore store;
  private final ActionItems items;
  private final Incidents incidents;
  private final TransactionTemplate transaction;
  private final Clock clock;

  Filing(
      PostmortemStore postmortems,
      ActionItemStore store,
      ActionItems items,
      Incidents incidents,
      TransactionTemplate transaction,
      Clock clock) {
    this.postmortems = postmortems;
    this.store = store;
    this.items = items;
    this.incidents = incidents;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public Receipt receive(Received received) {
    if (received.incident().isBlank()) {
      throw new Refused(
          received.line(),
          "it names no incident; name one in its front matter (incident: INC0010001) or its first heading");
    }
    Incident incident = null;
    boolean waiting = false;
    try {
      incident =
          incidents
              .named(received.incident())
              .orElseThrow(
                  () ->
                      new Refused(
                          received.line(),
                          "no system has an incident «%s»; name it as its own system does, for example INC0010001"
                              .formatted(received.incident())));
    } catch (RetryLater | Unavailable e) {
      LOG.info("Incident {} can't be asked for now: {}", received.incident(), e.getMessage());
      waiting = true;
    }
    Incident found = incident;
    boolean waits = waiting;
    return Objects.requireNonNull(transaction.execute(status -> filed(received, found, waits)));
  }

  private Receipt filed(Received received, @Nullable Incident incident, boolean waits) {
    RecordRef ref = incident == null ? null : incident.ref();
    Optional<Filed> known = known(received, incident);
    known
        .filter(other -> !received.name().isEmpty() && !other.name().isEmpty())
        .filter(other -> !other.name().equals(received.name()))
        .ifPresent(
            other -> {
              throw new Refused(
                  received.line(),
                  "%s has a postmortem already, «%s»; send this one under that name to replace it, or move its action items there"
                      .formatted(received.incident(), other.name()));
            });
    Filed filed =
        known
            .map(
                old ->
                    postmortems.update(old, received.title(), received.url(), ref, received.body()))
            .orElseGet(
                () ->
                    postmortems.insert(
                        received.name(),
                        received.title(),
                        received.url(),
                        received.incident(),
                        ref,
                        received.body()));
    return items(filed, received, incident, waits);
  }

  private Optional<Filed> known(Received received, @Nullable Incident incident) {
    Optional<Filed> ofIncident =
        incident == null ? Optional.empty() : postmortems.of(incident.records());
    if (ofIncident.isPresent() || received.name().isEmpty()) {
      return ofIncident;
    }
    return postmortems
        .named(received.name())
        .filter(old -> old.incident() == null || old.names().equals(received.incident()));
  }

  private Receipt items(
      Filed filed, Received received, @Nullable Incident incident, boolean waits) {
    List<ActionItem> before = store.ofPostmortem(filed.id());
    Map<Said, ActionItem> matched = Matching.match(received.items(), before);
    List<ActionItem> after = new ArrayList<>();
    int added = 0;
    int updated = 0;
    int cancelled = 0;
    for (Said said : received.items()) {
      ActionItem old = matched.get(said);
      if (old == null) {
        added++;
        after.add(added(filed, said));
      } else {
        updated += said.equals(old.said()) ? 0 : 1;
        after.add(items.change(old.id(), "", null, item -> edited(item, said, filed.incident())));
      }
    }
    for (ActionItem old : before) {
      if (!matched.containsValue(old) && !old.stage().isOver()) {
        cancelled++;
        after.add(
            items.change(old.id(), "", null, item -> item.edit().stage(Stage.CANCELLED).done()));
      }
    }
    String key = incident == null ? received.incident() : incident.seen().key();
    return new Receipt(filed.id(), key, waits, after, added, updated, cancelled);
  }

  /** One whose issue was found where it lives, before a postmortem named it, is there already. */
  private ActionItem added(Filed filed, Said said) {
    ActionItem item =
        items.add(
            filed.id(),
            "postmortem",
            filed.id() + "/" + UUID.randomUUID(),
            filed.incident(),
            said,
            clock.instant());
    return items.change(item.id(), "", null, known -> edited(known, said, filed.incident()));
  }

  /** Only what the document changed: what was changed elsewhere meanwhile stays. */
  static ActionItem edited(ActionItem item, Said said, @Nullable RecordRef incident) {
    Said before = item.said();
    ActionItem.Editing edit = item.edit().said(said);
    if (incident != null) {
      edit.incident(incident);
    }
    if (!said.title().equals(before.title())) {
      edit.title(said.title());
    }
    if (!said.description().equals(before.description())) {
      edit.description(said.description());
    }
    if (!Objects.equals(said.owner(), before.owner())) {
      edit.owner("").problems(List.of());
    }
    if (!Objects.equals(said.due(), before.due())) {
      edit.due(said.due());
    }
    if (item.stage() == Stage.CANCELLED) {
      edit.stage(Stage.NEEDS_OWNER);
    }
    return edit.done();
  }

  /** Tries again those whose incident could not be asked for. */
  void retry() {
    for (Filed filed : postmortems.waiting()) {
      try {
        incidents
            .named(filed.names())
            .ifPresentOrElse(
                incident -> join(filed, incident),
                () ->
                    LOG.warn(
                        "Postmortem «{}» names incident {}, which no system has; mend it and send it again",
                        filed.name(),
                        filed.names()));
      } catch (RetryLater | Unavailable e) {
        LOG.debug("Incident {} still can't be asked for", filed.names(), e);
      }
    }
  }

  private void join(Filed filed, Incident incident) {
    if (postmortems.of(incident.records()).isPresent()) {
      LOG.warn(
          "Postmortem «{}» names incident {}, which has another postmortem; its action items stay without incident",
          filed.name(),
          filed.names());
      return;
    }
    transaction.executeWithoutResult(
        status -> {
          postmortems.update(filed, filed.title(), filed.url(), incident.ref(), filed.body());
          store
              .ofPostmortem(filed.id())
              .forEach(
                  item ->
                      items.change(
                          item.id(),
                          "",
                          null,
                          known -> known.edit().incident(incident.ref()).done()));
        });
  }
}
