package dev.lockstep.communication.vendor;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.communication.CadenceKeeper;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.IncidentSearch;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.communication.settings.Vendor;
import dev.lockstep.communication.vendor.VendorWatch.Found;
import dev.lockstep.incident.IncidentFacts;
import dev.lockstep.incident.IncidentStage;
import dev.lockstep.incident.IncidentStore;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Notices which vendors have to report and have reported, and escalates. Each step is decided again
 * under the lock of its row and committed with what it sends, so that several processes take it
 * once.
 */
@Component
class VendorKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(VendorKeeper.class);

  private final CommunicationSettings settings;
  private final IncidentStore incidents;
  private final IncidentSearch search;
  private final VendorStore watches;
  private final VendorMessages messages;
  private final AuditStore audit;
  private final TransactionTemplate transaction;
  private final Clock clock;

  VendorKeeper(
      CommunicationSettings settings,
      IncidentStore incidents,
      IncidentSearch search,
      VendorStore watches,
      VendorMessages messages,
      AuditStore audit,
      TransactionTemplate transaction,
      Clock clock) {
    this.settings = settings;
    this.incidents = incidents;
    this.search = search;
    this.watches = watches;
    this.messages = messages;
    this.audit = audit;
    this.transaction = transaction;
    this.clock = clock;
  }

  private record Key(RecordRef incident, String vendor) {}

  /** Goes through all incidents once; one that fails does not stop the others. */
  void run() {
    transaction.executeWithoutResult(status -> closeOthers());
    if (settings.vendors().isEmpty()) {
      return;
    }
    Set<RecordRef> refs = new LinkedHashSet<>();
    incidents.findOpen(settings.vendorLevels()).forEach(facts -> refs.add(facts.record()));
    Map<Key, VendorWatch> known = new HashMap<>();
    for (VendorWatch watch : watches.findDueOrOf(refs)) {
      known.put(new Key(watch.incident(), watch.vendor()), watch);
      refs.add(watch.incident());
    }
    Map<RecordRef, KnownIncident> found = search.findAll(refs);
    Set<RecordRef> covered = search.findCovered(refs);
    Map<RecordRef, Integer> comments = watches.countComments(tickets(found));
    for (RecordRef ref : refs) {
      for (Vendor vendor : settings.vendors()) {
        VendorWatch watch = known.get(new Key(ref, vendor.name()));
        KnownIncident incident = found.get(ref);
        Found now = found(vendor, incident, watch, covered.contains(ref), comments);
        if (now != null && isDue(vendor, ref, watch, now)) {
          keep(vendor, ref);
        }
      }
    }
  }

  private Set<RecordRef> tickets(Map<RecordRef, KnownIncident> found) {
    Set<RecordRef> tickets = new HashSet<>();
    for (KnownIncident incident : found.values()) {
      settings.vendors().forEach(vendor -> tickets.addAll(incident.recordsIn(vendor.system())));
    }
    return tickets;
  }

  /** Nothing is expected of a vendor that is no longer configured, also if it is again later. */
  private void closeOthers() {
    List<String> names = settings.vendors().stream().map(Vendor::name).toList();
    for (VendorWatch closed : watches.closeOthers(names)) {
      record(
          closed.incident(),
          "vendor-updates",
          "Nothing is expected of %s any more: it is not configured".formatted(closed.vendor()));
    }
  }

  /** Null if the vendor never had a ticket of this incident. */
  private static @Nullable Found found(
      Vendor vendor,
      @Nullable KnownIncident incident,
      @Nullable VendorWatch watch,
      boolean isCovered,
      Map<RecordRef, Integer> comments) {
    RecordRef ticket =
        incident == null
            ? null
            : incident.recordsIn(vendor.system()).stream().min(RecordRef::compareTo).orElse(null);
    if (incident == null || ticket == null) {
      return watch == null
          ? null
          : new Found(watch.ticket(), watch.level(), watch.comments(), false);
    }
    IncidentFacts facts = incident.facts();
    boolean isExpected =
        !isCovered
            && facts.stage() != IncidentStage.RESOLVED
            && !isDone(vendor, incident.correlation().states().get(ticket));
    return new Found(ticket, facts.level(), comments.getOrDefault(ticket, 0), isExpected);
  }

  private static boolean isDone(Vendor vendor, @Nullable RecordState ticket) {
    return ticket != null
        && ticket.values().values().stream()
            .anyMatch(
                values ->
                    vendor.done().entrySet().stream()
                        .anyMatch(
                            done ->
                                done.getValue().contains(values.getOrDefault(done.getKey(), ""))));
  }

  /** Costs no statement. */
  private boolean isDue(Vendor vendor, RecordRef ref, @Nullable VendorWatch watch, Found found) {
    Instant now = clock.instant();
    if (watch == null) {
      return VendorWatch.none(ref, vendor.name(), found).follow(vendor, found, now).dueAt() != null;
    }
    VendorWatch next = watch.follow(vendor, found, now);
    return !next.equals(watch) || nextStep(vendor, next, now).isPresent();
  }

  private static Optional<Vendor.Step> nextStep(Vendor vendor, VendorWatch watch, Instant now) {
    Instant due = watch.dueAt();
    return due == null || watch.escalated() >= vendor.escalate().size()
        ? Optional.empty()
        : Optional.of(vendor.escalate().get(watch.escalated()))
            .filter(step -> !now.isBefore(due.plus(step.after())));
  }

  private void keep(Vendor vendor, RecordRef incident) {
    try {
      transaction.executeWithoutResult(status -> keepLocked(vendor, incident));
    } catch (RuntimeException e) {
      LOG.error("What {} has to report on {} is not watched", vendor.name(), incident, e);
    }
  }

  private void keepLocked(Vendor vendor, RecordRef ref) {
    Map<RecordRef, KnownIncident> all = search.findAll(Set.of(ref));
    KnownIncident incident = all.get(ref);
    VendorWatch known =
        watches.findOf(ref).stream()
            .filter(one -> one.vendor().equals(vendor.name()))
            .findFirst()
            .orElse(null);
    Found found =
        found(
            vendor,
            incident,
            known,
            search.findCovered(Set.of(ref)).contains(ref),
            watches.countComments(tickets(all)));
    if (found == null) {
      return;
    }
    VendorWatch watch = watches.lock(VendorWatch.none(ref, vendor.name(), found));
    Instant now = clock.instant();
    VendorWatch next = watch.follow(vendor, found, now);
    report(vendor, watch, next, now);
    if (incident != null) {
      next = escalate(vendor, incident, next, now);
    }
    if (!next.equals(watch)) {
      watches.save(next);
    }
  }

  private void report(Vendor vendor, VendorWatch before, VendorWatch after, Instant now) {
    if (!Objects.equals(after.answeredAt(), before.answeredAt()) && before.dueAt() != null) {
      record(
          after.incident(),
          "vendor-answered",
          before.isOverdue(now)
              ? "%s has reported, %s late"
                  .formatted(
                      vendor.title(),
                      DraftWriter.words(
                          Duration.between(Objects.requireNonNull(before.dueAt()), now)))
              : "%s has reported in time".formatted(vendor.title()));
    }
    if (Objects.equals(before.dueAt(), after.dueAt())) {
      return;
    }
    record(
        after.incident(),
        "vendor-updates",
        after.dueAt() == null
            ? "Nothing is expected of %s any more".formatted(vendor.title())
            : "%s is to report by %s: the level is %s"
                .formatted(vendor.title(), DraftWriter.time(after.dueAt()), after.level()));
  }

  private VendorWatch escalate(
      Vendor vendor, KnownIncident incident, VendorWatch watch, Instant now) {
    VendorWatch next = watch;
    Optional<Vendor.Step> step = nextStep(vendor, next, now);
    while (step.isPresent()) {
      int number = next.escalated() + 1;
      messages.escalate(vendor, incident, next, step.get(), number);
      next = next.withEscalated(number);
      step = nextStep(vendor, next, now);
    }
    return next;
  }

  private void record(RecordRef incident, String what, String text) {
    audit.record(CadenceKeeper.subject(incident), List.of(new AuditEntry(what, text, Map.of())));
  }
}
