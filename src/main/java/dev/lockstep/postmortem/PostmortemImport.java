package dev.lockstep.postmortem;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.ItemMatcher;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.Filed;
import dev.lockstep.postmortem.actionitem.PostmortemStore.Sent;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Files postmortems. One transaction takes in the document with all its items, so that one sent
 * again after an answer that was lost finds all of it or nothing.
 */
class PostmortemImport implements Postmortems {
  private static final Logger LOG = LoggerFactory.getLogger(PostmortemImport.class);
  private static final String POSTMORTEM = "postmortem";

  private final PostmortemStore postmortems;
  private final ActionItemStore store;
  private final ActionItems items;
  private final IncidentsByName incidents;
  private final PostmortemMatcher recognition;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /** Who knows the incident that a document names. */
  interface IncidentsByName {
    /**
     * @throws RetryLaterException or {@link SystemUnavailableException} when that can't be told
     *     just now
     */
    Optional<Incident> named(String name);
  }

  PostmortemImport(
      PostmortemStore postmortems,
      ActionItemStore store,
      ActionItems items,
      IncidentsByName incidents,
      TransactionTemplate transaction,
      Clock clock) {
    this.postmortems = postmortems;
    this.store = store;
    this.items = items;
    this.incidents = incidents;
    this.recognition = new PostmortemMatcher(postmortems, store);
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public Receipt receive(Received received) {
    PostmortemParser.refusal(received)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    Optional<Incident> incident;
    try {
      incident =
          Optional.of(incidents.named(received.incident()).orElseThrow(() -> unknown(received)));
    } catch (RetryLaterException | SystemUnavailableException e) {
      LOG.info("Incident {} can't be asked for now: {}", received.incident(), e.getMessage());
      incident = Optional.empty();
    }
    try {
      return file(received, incident.orElse(null));
    } catch (DuplicateKeyException e) {
      // It was sent twice at the same moment, and the other one was first.
      return file(received, incident.orElse(null));
    }
  }

  private static Refused unknown(Received received) {
    return new Refused(
        received.line(),
        "no system has an incident «%s»; name it as its own system does, for example INC0010001"
            .formatted(received.incident()));
  }

  private Receipt file(Received received, @Nullable Incident incident) {
    return Objects.requireNonNull(transaction.execute(status -> filed(received, incident)));
  }

  private Receipt filed(Received received, @Nullable Incident incident) {
    Sent sent =
        new Sent(
            received.name(),
            received.title(),
            received.url(),
            received.incident(),
            received.body(),
            unread(received));
    Filed filed =
        recognition
            .known(received, incident)
            .map(old -> postmortems.update(old, kept(old, sent), refOf(incident, old, sent)))
            .orElseGet(() -> postmortems.insert(sent, incident == null ? null : incident.ref()));
    items.lock(filed.id(), received.items().stream().anyMatch(item -> item.ticket() != null));
    Receipt receipt = items(filed, received, incident);
    // For what could not be read; what changes of an item tells its incident by itself.
    if (!filed.unread().isEmpty()) {
      items.rouse(filed.incident());
    }
    return receipt;
  }

  /** A name once given stays, and so does an address. */
  private static Sent kept(Filed old, Sent sent) {
    return new Sent(
        sent.name().isEmpty() ? old.name() : sent.name(),
        sent.title(),
        sent.url().isEmpty() ? old.url() : sent.url(),
        sent.names(),
        sent.body(),
        sent.unread());
  }

  private static String unread(Received received) {
    return received.problems().stream()
        .map(problem -> "line %d: %s".formatted(problem.line(), problem.text()))
        .collect(Collectors.joining("\n"));
  }

  /** One that was joined to its incident stays so while that incident can't be asked for. */
  private static @Nullable RecordRef refOf(@Nullable Incident incident, Filed old, Sent sent) {
    if (incident != null) {
      return incident.ref();
    }
    return old.names().equals(sent.names()) ? old.incident() : null;
  }

  private Receipt items(Filed filed, Received received, @Nullable Incident incident) {
    List<ActionItem> before = store.ofPostmortem(filed.id());
    List<SourceItem> all = ItemMatcher.withTicketsOnce(received.items());
    Map<SourceItem, ActionItem> matched = ItemMatcher.match(all, before);
    List<ActionItem> after = new ArrayList<>();
    int added = 0;
    int updated = 0;
    int cancelled = 0;
    for (SourceItem said : all) {
      ActionItem old = matched.get(said);
      if (old == null) {
        added++;
        after.add(added(filed, said));
      } else {
        SourceItem whole = isOwn(old) ? said : said.or(old.said());
        updated += whole.equals(old.said()) ? 0 : 1;
        after.add(items.change(old.id(), "", null, item -> edited(item, whole, filed.incident())));
      }
    }
    for (ActionItem old : before) {
      if (matched.containsValue(old)) {
        continue;
      }
      if (!isOwn(old)) {
        // It lives in another system, and goes on there.
        after.add(items.change(old.id(), "", null, item -> item.edit().postmortem(null).done()));
      } else if (!old.stage().isOver()) {
        cancelled++;
        after.add(
            items.change(
                old.id(), "", null, item -> item.edit().stage(ActionItemStatus.CANCELLED).done()));
      }
    }
    String key = incident == null ? received.incident() : incident.seen().key();
    return new Receipt(filed.id(), key, filed.incident() == null, after, added, updated, cancelled);
  }

  /** Whether a postmortem was the first to name it. */
  private static boolean isOwn(ActionItem item) {
    return item.source().equals(POSTMORTEM);
  }

  /**
   * One whose issue was found where it lives, before a postmortem named it, is there already: what
   * is planned there and not here stays. So is one whose issue another postmortem names too: it
   * stays that one's, until that one names it no longer.
   */
  private ActionItem added(Filed filed, SourceItem said) {
    ActionItem item =
        items.add(
            filed.id(),
            POSTMORTEM,
            filed.id() + "/" + UUID.randomUUID(),
            filed.incident(),
            said,
            clock.instant());
    Long stands = item.postmortem();
    if (stands == null) {
      return items.change(
          item.id(),
          "",
          null,
          known ->
              edited(known, said.or(known.said()), filed.incident())
                  .edit()
                  .postmortem(filed.id())
                  .done());
    }
    if (stands != filed.id() && item.stage() != ActionItemStatus.CANCELLED) {
      return item;
    }
    return items.change(
        item.id(),
        "",
        null,
        known -> edited(known, said, filed.incident()).edit().postmortem(filed.id()).done());
  }

  /** Only what the document changed: what was changed elsewhere meanwhile stays. */
  static ActionItem edited(ActionItem item, SourceItem said, @Nullable RecordRef incident) {
    SourceItem before = item.said();
    ActionItem.Editing edit = item.edit().said(said);
    if (incident != null && !incident.equals(item.incident())) {
      // What another one was told this one was not.
      edit.incident(incident).told("");
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
    if (item.stage() == ActionItemStatus.CANCELLED) {
      edit.stage(ActionItemStatus.NEEDS_OWNER);
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
                () -> problem(filed, "no system has an incident «%s»".formatted(filed.names())));
      } catch (RetryLaterException | SystemUnavailableException e) {
        LOG.debug("Incident {} still can't be asked for", filed.names(), e);
      }
    }
  }

  private void join(Filed filed, Incident incident) {
    Optional<Filed> other = postmortems.of(incident.records());
    if (other.isPresent()) {
      problem(
          filed,
          "%s has another postmortem, «%s»".formatted(incident.seen().key(), other.get().title()));
      return;
    }
    transaction.executeWithoutResult(
        status -> {
          postmortems.join(filed, incident.ref());
          items.lock(filed.id(), false);
          for (ActionItem item : store.ofPostmortem(filed.id())) {
            items.change(
                item.id(), "", null, known -> known.edit().incident(incident.ref()).done());
          }
        });
  }

  private void problem(Filed filed, String problem) {
    if (!problem.equals(filed.problem())) {
      postmortems.problem(filed, problem);
      LOG.warn(
          "Postmortem «{}»: {}; its action items are followed without an incident. Correct it and"
              + " send it again",
          filed.name().isEmpty() ? filed.title() : filed.name(),
          problem);
    }
  }
}
