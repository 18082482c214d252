package dev.lockstep.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.pair.UnconfirmedWrite;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.Mention;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.WriteMetrics.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Creates the missing counterpart of a record exactly once. The creation mark is committed before
 * the create call; an attempt that finds the mark searches by correlation id before it creates.
 */
class CounterpartLinker {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final References references;
  private final Planner planner;
  private final PairStore pairs;
  private final NoteStore notes;
  private final CorrelationMerger merger;
  private final NoteListing listing;
  private final PairTransaction journal;
  private final WriteMetrics actions;

  CounterpartLinker(
      Connectors connectors,
      SnapshotReader snapshots,
      References references,
      Planner planner,
      PairStore pairs,
      NoteStore notes,
      CorrelationMerger merger,
      NoteListing listing,
      PairTransaction journal,
      WriteMetrics actions) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.references = references;
    this.planner = planner;
    this.pairs = pairs;
    this.notes = notes;
    this.merger = merger;
    this.listing = listing;
    this.journal = journal;
    this.actions = actions;
  }

  /**
   * Finds or creates the missing record. While it is being created, the base holds the values it is
   * created from: the source may be edited, and written by its other pairs, before the outcome of
   * the call is known.
   */
  void link(Pass pass, Pair pair, Mapping mapping) {
    if (pair.left() != null && pair.right() != null) {
      adopt(pass, pair);
      return;
    }
    Side from = pair.left() != null ? Side.LEFT : Side.RIGHT;
    Snapshot seen = Objects.requireNonNull(pair.seen(from));
    if (!pair.creating()) {
      Pair marked = journal.commit(pass, markCreating(pair, mapping, from), List.of(), List.of());
      create(pass, marked, mapping, draft(mapping, from, seen, Map.of()));
      return;
    }
    Snapshot source = createdFrom(pair, mapping, from, seen);
    CreateRequest request = draft(mapping, from, source, Map.of());
    var found = find(pair, mapping, from.other(), source.ref());
    if (found.isPresent()) {
      commitLinked(pass, pair, mapping, request, found.get(), true);
      return;
    }
    connectors.requireFindable(
        mapping.system(from.other()),
        mapping.kind(from.other()),
        pair.mention(source.ref()).toString());
    Pair marked = journal.commitIfChanged(pass, markCreating(pair, mapping, from));
    create(pass, marked, mapping, draft(mapping, from, seen, Map.of()));
  }

  private static Pair markCreating(Pair pair, Mapping mapping, Side from) {
    Map<String, String> values = Objects.requireNonNull(pair.seen(from)).values();
    Map<String, AgreedValue> source = new HashMap<>();
    for (FieldMapping field : mapping.fields()) {
      source.put(field.name(), AgreedValue.of(from, values.get(field.name()), null));
    }
    return pair.withBase(source).markCreating();
  }

  private static Snapshot createdFrom(Pair pair, Mapping mapping, Side from, Snapshot seen) {
    Map<String, String> values = new HashMap<>(seen.values());
    for (FieldMapping field : mapping.fields()) {
      String value = pair.base().getOrDefault(field.name(), AgreedValue.NOTHING).on(from);
      if (value == null) {
        values.remove(field.name());
      } else {
        values.put(field.name(), value);
      }
    }
    return seen.withValues(values);
  }

  /**
   * A record to create.
   *
   * @param source the record it is created from
   * @param plan without fields that the record does not accept at creation; they remain an edit of
   *     the source and are synced once the record exists
   * @param refused by field, why the system refuses to create a record with it
   */
  private record CreateRequest(
      Side to, Snapshot source, SyncPlan plan, ObjectNode body, Map<String, String> refused) {}

  private CreateRequest draft(
      Mapping mapping, Side from, Snapshot source, Map<String, String> refused) {
    Side to = from.other();
    SyncPlan plan = planner.create(mapping, to, source);
    var update = plan.updates().get(to);
    Map<String, String> values = new HashMap<>(update == null ? Map.of() : update.values());
    values.keySet().removeAll(refused.keySet());
    Map<String, String> taken = new HashMap<>(mapping.writableFields(to, Map.of(), values));
    var write = mapping.create(to, taken, references);
    taken.keySet().removeAll(write.gaps().keySet());
    Map<String, String> gaps = new HashMap<>(plan.gaps());
    gaps.putAll(write.gaps());
    gaps.putAll(refused);
    Map<Side, SyncPlan.Update> updates =
        update == null
            ? Map.of()
            : Map.of(to, new SyncPlan.Update(taken, update.sources(), update.conflicts()));
    var written = new SyncPlan(updates, plan.announcements(), plan.settled(), gaps);
    return new CreateRequest(to, source, written, write.body(), refused);
  }

  /**
   * The same request without the fields that the refusal names. A field whose default is a
   * reference to another record is never left out: the record would be created with the default and
   * notify another team.
   *
   * @throws RequestRejectedException if it names no field that can be left out; the message lists
   *     the fields already missing, since they may be the cause
   */
  private CreateRequest withoutRefusedFields(
      RequestRejectedException refusal, Mapping mapping, CreateRequest request) {
    var update = request.plan().updates().get(request.to());
    Map<String, String> values = update == null ? Map.of() : update.values();
    Map<String, String> refused = new HashMap<>(request.refused());
    Set<String> kept = new TreeSet<>();
    for (FieldMapping field : mapping.fields()) {
      String name = field.name();
      String value = values.get(name);
      if (value == null
          || !refusal.refusesFieldIn(
              mapping.write(request.to(), Map.of(name, value), references).body())) {
        continue;
      }
      if (field.defaultsToReference(request.to())) {
        kept.add(name);
      } else {
        refused.put(
            name,
            "refused by %s at creation (%d): %s"
                .formatted(mapping.system(request.to()), refusal.status(), refusal.answer()));
      }
    }
    if (refused.size() > request.refused().size()) {
      return draft(mapping, request.to().other(), request.source(), refused);
    }
    throw withExplanation(refusal, kept, request.plan().gaps());
  }

  private static RequestRejectedException withExplanation(
      RequestRejectedException refusal, Set<String> kept, Map<String, String> gaps) {
    if (kept.isEmpty() && gaps.isEmpty()) {
      return refusal;
    }
    String advice = refusal.advice();
    if (!kept.isEmpty()) {
      advice +=
          " The mapping's default for %s was not used instead, since it may belong to another team."
              .formatted(String.join(", ", kept));
    }
    if (!gaps.isEmpty()) {
      String missing =
          new TreeMap<>(gaps)
              .entrySet().stream()
                  .map(gap -> gap.getKey() + ": " + gap.getValue())
                  .collect(Collectors.joining("; "));
      advice +=
          " The record was sent without these fields, which may be why: %s".formatted(missing);
    }
    return new RequestRejectedException(
        refusal.status(), refusal.request(), refusal.answer(), advice);
  }

  private void create(Pass pass, Pair pair, Mapping mapping, CreateRequest request) {
    Snapshot source = request.source();
    try {
      var created =
          actions.count(
              Action.CREATE,
              () ->
                  connectors.create(
                      mapping.system(request.to()),
                      mapping.kind(request.to()),
                      request.body(),
                      pair.mention(source.ref()).toString(),
                      source.key()));
      commitLinked(pass, pair, mapping, request, created, false);
    } catch (RequestRejectedException refused) {
      // A system may refuse a second open record with the same correlation id; the first one is
      // the counterpart.
      var found = find(pair, mapping, request.to(), source.ref());
      if (found.isPresent()) {
        commitLinked(pass, pair, mapping, request, found.get(), true);
      } else {
        create(pass, pair, mapping, withoutRefusedFields(refused, mapping, request));
      }
    }
  }

  private Optional<NativeRecord> find(Pair pair, Mapping mapping, Side to, RecordRef source) {
    return connectors
        .findByCorrelation(mapping.system(to), mapping.kind(to), pair.mention(source).toString())
        .filter(
            record ->
                pairs
                    .find(record.ref(), pair.mapping())
                    .map(other -> other.id().equals(pair.id()))
                    .orElse(true));
  }

  private void commitLinked(
      Pass pass,
      Pair pair,
      Mapping mapping,
      CreateRequest request,
      NativeRecord record,
      boolean found) {
    Side to = request.to();
    Snapshot source = request.source();
    SyncPlan plan = request.plan();
    RecordState state = readCreated(pair, mapping, to, record, plan);
    Snapshot created = state.in(mapping.name());
    Map<String, AgreedValue> agreed =
        new HashMap<>(planner.agreedAtCreation(mapping, plan, to, source, created, found));
    agreed.putAll(refusedAtCreation(mapping, request, created));
    listing.read(pass, Objects.requireNonNull(pair.state(to.other())));
    Pair linked =
        pass.pair(pair.id())
            .seen(to, state)
            .withState(Pair.State.LINKED)
            .withBase(agreed)
            .withGaps(plan.gaps());
    String what = found ? "found" : "created";
    var entry =
        new AuditEntry(
            what,
            "%s was %s for %s".formatted(created.key(), what, source.key()),
            Map.of("record", created.ref().toString(), "for", source.ref().toString()));
    journal.commit(
        pass, linked, List.of(entry), linkNotes(mapping, to.other(), source, created, plan));
    notes.reopen(pass.correlation().records());
    pass.markFresh(created.ref());
  }

  /** A value refused at creation is not sent again until the field is edited. */
  private Map<String, AgreedValue> refusedAtCreation(
      Mapping mapping, CreateRequest request, Snapshot created) {
    if (request.refused().isEmpty()) {
      return Map.of();
    }
    Map<String, String> wanted =
        Objects.requireNonNull(
                planner.create(mapping, request.to(), request.source()).updates().get(request.to()))
            .values();
    Map<String, AgreedValue> open = new HashMap<>();
    request
        .refused()
        .forEach(
            (field, reason) ->
                open.put(
                    field,
                    AgreedValue.NOTHING.withUnconfirmed(
                        new UnconfirmedWrite(
                            request.to(),
                            wanted.getOrDefault(field, ""),
                            request.source().values().get(field),
                            created.values().get(field),
                            UnconfirmedWrite.MAX_ATTEMPTS,
                            reason))));
    return open;
  }

  /** The created record. Fetched if the response omits a field that was written. */
  private RecordState readCreated(
      Pair pair, Mapping mapping, Side to, NativeRecord record, SyncPlan plan) {
    RecordState known = merger.stateIn(pair.correlation(), record.ref());
    RecordState answered = snapshots.read(record, known);
    var update = plan.updates().get(to);
    boolean isWhole =
        update == null
            || answered.in(mapping.name()).values().keySet().containsAll(update.values().keySet());
    return isWhole ? answered : snapshots.readComplete(connectors.fetch(record.ref()), answered);
  }

  /** Both records exist and one names the other; differences are merged field by field. */
  private void adopt(Pass pass, Pair pair) {
    Snapshot left = Objects.requireNonNull(pair.leftSeen());
    Snapshot right = Objects.requireNonNull(pair.rightSeen());
    var entry =
        new AuditEntry(
            "adopted",
            "%s and %s already referred to each other".formatted(left.key(), right.key()),
            Map.of());
    listing.read(pass, Objects.requireNonNull(pair.leftState()));
    listing.read(pass, Objects.requireNonNull(pair.rightState()));
    journal.commit(
        pass,
        pass.pair(pair.id()).withState(Pair.State.LINKED).markLinked(),
        List.of(entry),
        List.of());
    notes.reopen(pass.correlation().records());
  }

  /**
   * Everything the new record must be notified of goes into one note, since each note is an API
   * call.
   */
  private List<PairTransaction.PendingNote> linkNotes(
      Mapping mapping, Side from, Snapshot source, Snapshot created, SyncPlan plan) {
    List<String> toCreated = new ArrayList<>();
    toCreated.add(linkText(connectors.title(mapping.system(from)), source));
    plan.announcements().forEach(announcement -> toCreated.add(announcement.text()));
    return List.of(
        new PairTransaction.PendingNote(
            from, "link-source", linkText(connectors.title(mapping.system(from.other())), created)),
        new PairTransaction.PendingNote(
            from.other(), "link-created", String.join("\n", toCreated)));
  }

  private static String linkText(String title, Snapshot counterpart) {
    String where = counterpart.url().isEmpty() ? "" : ": " + counterpart.url();
    return "Kept in sync with %s %s%s".formatted(title, counterpart.key(), where);
  }

  /**
   * Writes the counterpart's id to each record, if its system has a field for it. A record that
   * lost the reference, or was closed when the reference was due, gets it as soon as it accepts it.
   */
  void writeBackReference(Pass pass, Pair pair, Mapping mapping) {
    Pair updated = pair;
    List<AuditEntry> entries = new ArrayList<>();
    for (Side side : Side.values()) {
      Snapshot here = Objects.requireNonNull(updated.seen(side));
      boolean closed = mapping.isClosed(side, here.values());
      if (isDue(pass, updated, side, closed)) {
        try {
          updated = writeBackReference(updated, side);
        } catch (RequestRejectedException refused) {
          RecordRef counterpart = Objects.requireNonNull(updated.ref(side.other()));
          if (!closed && !Mention.refersTo(here.correlationId(), counterpart)) {
            throw refused;
          }
          String text =
              "%s does not accept a reference to its counterpart%s"
                  .formatted(here.key(), closed ? " because it is closed" : "");
          entries.add(new AuditEntry("unlinked", text, Map.of("answer", refused.answer())));
        }
      }
    }
    Pair linked = updated.markLinked();
    if (entries.isEmpty()) {
      journal.commitIfChanged(pass, linked);
    } else {
      journal.commit(pass, linked, entries, List.of());
    }
  }

  /**
   * Not if it names another record of its correlation: a system has one place for a reference, and
   * the pair that was linked first keeps it. Only Lockstep's own records name several.
   */
  private boolean isDue(Pass pass, Pair pair, Side side, boolean closed) {
    Snapshot here = Objects.requireNonNull(pair.seen(side));
    RecordRef counterpart = Objects.requireNonNull(pair.ref(side.other()));
    if (List.of(here.correlationId().split(" ", -1)).contains(counterpart.toString())) {
      return false;
    }
    boolean namesAnother =
        Mention.parseAll(here.correlationId()).stream()
            .filter(named -> !named.ref().equals(counterpart))
            .anyMatch(named -> pass.correlation().records().contains(named.ref()));
    if (namesAnother && !connectors.ownsCorrelation(here.ref().system(), here.ref().kind())) {
      return false;
    }
    // Another integration may use the field later; its value is left alone.
    return !pair.linked() || here.correlationId().isEmpty() && !closed;
  }

  private Pair writeBackReference(Pair pair, Side side) {
    RecordState here = Objects.requireNonNull(pair.state(side));
    RecordState counterpart = Objects.requireNonNull(pair.state(side.other()));
    return connectors
        .link(here.ref(), counterpart.ref().toString(), counterpart.key())
        .map(after -> pair.seen(side, snapshots.read(after, here)))
        .orElse(pair);
  }
}
