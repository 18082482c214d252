package dev.lockstep.sync;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RequestRejectedException;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.AgreedValue;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import dev.lockstep.sync.CreationPlanner.CreateRequest;
import dev.lockstep.sync.WriteMetrics.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Creates the missing counterpart of a record exactly once. The creation mark is committed before
 * the create call; an attempt that finds the mark searches by correlation id before it creates.
 */
@Component
class CounterpartLinker {
  private final Connectors connectors;
  private final SnapshotReader snapshots;
  private final CreationPlanner creation;
  private final PairStore pairs;
  private final NoteStore notes;
  private final CorrelationMerger merger;
  private final NoteListing listing;
  private final PairTransaction journal;
  private final WriteMetrics actions;

  CounterpartLinker(
      Connectors connectors,
      SnapshotReader snapshots,
      CreationPlanner creation,
      PairStore pairs,
      NoteStore notes,
      CorrelationMerger merger,
      NoteListing listing,
      PairTransaction journal,
      WriteMetrics actions) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.creation = creation;
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
    if (pair.creating()) {
      Snapshot source = createdFrom(pair, mapping, from, seen);
      CreateRequest earlier = creation.draft(mapping, from, source);
      var found =
          find(pair, mapping, from.other(), source.ref())
              .or(() -> findCreated(pair, mapping, earlier));
      if (found.isPresent()) {
        commitLinked(pass, pair, mapping, earlier, found.get(), true);
        return;
      }
      connectors.requireFindable(
          mapping.system(from.other()),
          mapping.kind(from.other()),
          pair.mention(source.ref()).toString());
    }
    CreateRequest request = creation.draft(mapping, from, seen);
    // Last before the call, and even if nothing changes: it fails if another process took over.
    Pair marked = journal.commit(pass, markCreating(pair, mapping, from), List.of(), List.of());
    create(pass, marked, mapping, request);
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
                      connectors.withUrl(
                          mapping.system(request.to()),
                          mapping.kind(request.to()),
                          request.body(),
                          source.url()),
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
        create(pass, pair, mapping, creation.withoutRefusedFields(refused, mapping, request));
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

  private Optional<NativeRecord> findCreated(Pair pair, Mapping mapping, CreateRequest earlier) {
    return connectors.findCreated(
        mapping.system(earlier.to()),
        mapping.kind(earlier.to()),
        earlier.body(),
        pair.mention(earlier.source().ref()).toString(),
        earlier.source().key());
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
    listing.read(pass, Objects.requireNonNull(pair.state(to.other())));
    Pair linked =
        pass.pair(pair.id())
            .seen(to, state)
            .withState(Pair.State.LINKED)
            .withBase(creation.agreed(mapping, request, created, found))
            .withGaps(plan.gaps());
    String what = found ? "found" : "created";
    var entry =
        new AuditEntry(
            what,
            "%s was %s for %s".formatted(created.key(), what, source.key()),
            Map.of("record", created.ref().toString(), "for", source.ref().toString()));
    // First, so that a crash in between loses no note.
    notes.reopen(pass.correlation().records());
    boolean isEvent = connectors.isAppendOnly(mapping.system(to), mapping.kind(to));
    journal.commit(
        pass,
        isEvent ? linked.markLinked() : linked,
        List.of(entry),
        isEvent ? List.of() : linkNotes(mapping, to.other(), source, created, plan));
    pass.markFresh(created.ref());
  }

  /** The created record. Fetched if the response omits a field that was written. */
  private RecordState readCreated(
      Pair pair, Mapping mapping, Side to, NativeRecord record, SyncPlan plan) {
    RecordState known = merger.stateIn(pair.correlation(), record.ref());
    RecordState answered = snapshots.read(record, known);
    var update = plan.updates().get(to);
    boolean isWhole =
        update == null
            || connectors.isAppendOnly(record.ref().system(), record.ref().kind())
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
    notes.reopen(pass.correlation().records());
    journal.commit(
        pass,
        pass.pair(pair.id()).withState(Pair.State.LINKED).markLinked(),
        List.of(entry),
        List.of());
  }

  /**
   * Everything the new record must be notified of goes into one note, since each note is an API
   * call.
   */
  private List<PairTransaction.PendingNote> linkNotes(
      Mapping mapping, Side from, Snapshot source, Snapshot created, SyncPlan plan) {
    List<String> toCreated = new ArrayList<>();
    toCreated.add(LinkNote.text(connectors.title(mapping.system(from)), source));
    plan.announcements().forEach(announcement -> toCreated.add(announcement.text()));
    return List.of(
        new PairTransaction.PendingNote(
            from,
            "link-source",
            LinkNote.text(connectors.title(mapping.system(from.other())), created)),
        new PairTransaction.PendingNote(
            from.other(), "link-created", String.join("\n", toCreated)));
  }
}
