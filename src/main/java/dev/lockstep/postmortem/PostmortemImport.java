package dev.lockstep.postmortem;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItems;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.PostmortemContent;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.followup.Incident;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
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
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Imports postmortems. The document and all its items are stored in one transaction, so that a
 * retry after a lost response finds either all of it or nothing.
 */
@Component
class PostmortemImport implements Postmortems {
  private static final Logger LOG = LoggerFactory.getLogger(PostmortemImport.class);

  private final PostmortemStore postmortems;
  private final ActionItemStore store;
  private final ActionItems items;
  private final IncidentFinder incidents;
  private final PostmortemMatcher matcher;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  /** Finds the incident that a document names. */
  interface IncidentFinder {
    /**
     * @throws RetryLaterException or {@link SystemUnavailableException} if the incident cannot be
     *     looked up now
     */
    Optional<Incident> named(String name);
  }

  PostmortemImport(
      PostmortemStore postmortems,
      ActionItemStore store,
      ActionItems items,
      IncidentFinder incidents,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.postmortems = postmortems;
    this.store = store;
    this.items = items;
    this.incidents = incidents;
    this.matcher = new PostmortemMatcher(postmortems, store);
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public Receipt receive(Received received, String by) {
    PostmortemParser.refusal(received)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    Optional<Incident> incident;
    try {
      incident =
          Optional.of(
              incidents.named(received.incident()).orElseThrow(() -> incidentNotFound(received)));
    } catch (RetryLaterException | SystemUnavailableException e) {
      LOG.info("Incident {} cannot be looked up now: {}", received.incident(), e.getMessage());
      incident = Optional.empty();
    }
    try {
      return importOnce(received, incident.orElse(null), by);
    } catch (DuplicateKeyException e) {
      // A concurrent request imported it first.
      return importOnce(received, incident.orElse(null), by);
    }
  }

  private static Refused incidentNotFound(Received received) {
    return new Refused(
        received.line(),
        "incident \"%s\" was not found; use the number shown in its system, for example INC0010001"
            .formatted(received.incident()));
  }

  private Receipt importOnce(Received received, @Nullable Incident incident, String by) {
    return Objects.requireNonNull(transaction.execute(status -> store(received, incident, by)));
  }

  private Receipt store(Received received, @Nullable Incident incident, String by) {
    PostmortemContent sent =
        new PostmortemContent(
            received.name(),
            received.title(),
            received.url(),
            received.incident(),
            received.body(),
            formatProblems(received));
    StoredPostmortem postmortem =
        matcher
            .findExisting(received, incident)
            .map(old -> postmortems.update(old, keepUnread(old, sent), refOf(incident, old, sent)))
            .orElseGet(() -> postmortems.insert(sent, incident == null ? null : incident.ref()));
    items.lock(postmortem.id(), received.items().stream().anyMatch(item -> item.ticket() != null));
    Receipt receipt = items(postmortem, received, incident);
    record(receipt, by);
    // For unread parts; changes of items schedule their incident themselves.
    if (!postmortem.unread().isEmpty()) {
      items.schedule(postmortem.incident());
    }
    return receipt;
  }

  private void record(Receipt receipt, String by) {
    if (!by.isEmpty()) {
      audit.record(
          new AuditSubject("postmortem", String.valueOf(receipt.id())),
          List.of(
              new AuditEntry(
                  "imported",
                  "Postmortem imported: %d action items added, %d updated, %d cancelled"
                      .formatted(receipt.added(), receipt.updated(), receipt.cancelled()),
                  Map.of(),
                  by)));
    }
  }

  /** An existing name or URL is kept if the new version has none. */
  private static PostmortemContent keepUnread(StoredPostmortem old, PostmortemContent sent) {
    return new PostmortemContent(
        sent.name().isEmpty() ? old.name() : sent.name(),
        sent.title(),
        sent.url().isEmpty() ? old.url() : sent.url(),
        sent.names(),
        sent.body(),
        sent.unread());
  }

  private static String formatProblems(Received received) {
    return received.problems().stream()
        .map(problem -> "line %d: %s".formatted(problem.line(), problem.text()))
        .collect(Collectors.joining("\n"));
  }

  /** A postmortem linked to its incident stays linked while the incident cannot be looked up. */
  private static @Nullable RecordRef refOf(
      @Nullable Incident incident, StoredPostmortem old, PostmortemContent sent) {
    if (incident != null) {
      return incident.ref();
    }
    return old.names().equals(sent.names()) ? old.incident() : null;
  }

  private Receipt items(
      StoredPostmortem postmortem, Received received, @Nullable Incident incident) {
    ImportPlan plan = ImportPlan.of(received.items(), store.findByPostmortem(postmortem.id()));
    List<ActionItem> after = plan.steps().stream().map(step -> execute(step, postmortem)).toList();
    String key = incident == null ? received.incident() : incident.seen().key();
    return new Receipt(
        postmortem.id(),
        key,
        postmortem.incident() == null,
        after,
        plan.added(),
        plan.updated(),
        plan.cancelled());
  }

  private ActionItem execute(ImportPlan.Step step, StoredPostmortem postmortem) {
    if (step instanceof ImportPlan.Add add) {
      return add(postmortem, add.reported());
    }
    ImportPlan.Change change = (ImportPlan.Change) step;
    return items.change(
        change.item().id(), "", null, item -> change.applyTo(item, postmortem.incident()));
  }

  /**
   * The item may exist already: its issue was found in its own system, or in another postmortem.
   */
  private ActionItem add(StoredPostmortem postmortem, SourceItem reported) {
    ActionItem item =
        items.add(
            postmortem.id(),
            ImportPlan.POSTMORTEM,
            postmortem.id() + "/" + UUID.randomUUID(),
            postmortem.incident(),
            reported,
            clock.instant());
    if (ImportPlan.belongsToAnother(item, postmortem.id())) {
      return item;
    }
    return items.change(
        item.id(),
        "",
        null,
        known -> ImportPlan.adopt(known, postmortem.id(), reported, postmortem.incident()));
  }

  /** Retries postmortems whose incident could not be looked up. */
  void retry() {
    for (StoredPostmortem postmortem : postmortems.findWaiting()) {
      try {
        incidents
            .named(postmortem.names())
            .ifPresentOrElse(
                incident -> linkToIncident(postmortem, incident),
                () ->
                    problem(
                        postmortem, "incident \"%s\" was not found".formatted(postmortem.names())));
      } catch (RetryLaterException | SystemUnavailableException e) {
        LOG.debug("Incident {} still cannot be looked up", postmortem.names(), e);
      }
    }
  }

  private void linkToIncident(StoredPostmortem postmortem, Incident incident) {
    Optional<StoredPostmortem> other = postmortems.findByIncident(incident.records());
    if (other.isPresent()) {
      problem(
          postmortem,
          "%s has another postmortem, \"%s\""
              .formatted(incident.seen().key(), other.get().title()));
      return;
    }
    transaction.executeWithoutResult(
        status -> {
          postmortems.linkToIncident(postmortem, incident.ref());
          items.lock(postmortem.id(), false);
          for (ActionItem item : store.findByPostmortem(postmortem.id())) {
            items.change(
                item.id(), "", null, known -> known.edit().incident(incident.ref()).done());
          }
        });
  }

  private void problem(StoredPostmortem postmortem, String problem) {
    if (!problem.equals(postmortem.problem())) {
      postmortems.recordProblem(postmortem, problem);
      LOG.warn(
          "Postmortem \"{}\": {}; its action items are followed without an incident. Correct it and"
              + " send it again",
          postmortem.name().isEmpty() ? postmortem.title() : postmortem.name(),
          problem);
    }
  }
}
