package dev.lockstep.apply;

import dev.lockstep.apply.ActionCounter.Action;
import dev.lockstep.connector.Connectors;
import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.Rejected;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.History;
import dev.lockstep.pair.NoteStore;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairStore;
import dev.lockstep.plan.Planner;
import dev.lockstep.plan.SyncPlan;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.Side;
import dev.lockstep.record.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives a record its counterpart, once. That a record is about to be created is committed before
 * the call; whoever finds that mark looks the record up by its correlation id before creating it.
 */
class Linker {
  private final Connectors connectors;
  private final Snapshots snapshots;
  private final References references;
  private final Planner planner;
  private final PairStore pairs;
  private final NoteStore notes;
  private final Journal journal;
  private final ActionCounter actions;

  Linker(
      Connectors connectors,
      Snapshots snapshots,
      References references,
      Planner planner,
      PairStore pairs,
      NoteStore notes,
      Journal journal,
      ActionCounter actions) {
    this.connectors = connectors;
    this.snapshots = snapshots;
    this.references = references;
    this.planner = planner;
    this.pairs = pairs;
    this.notes = notes;
    this.journal = journal;
    this.actions = actions;
  }

  /** Finds or creates the missing record. */
  Pair link(Pair pair, Mapping mapping) {
    if (pair.left() != null && pair.right() != null) {
      return adopt(pair);
    }
    Side from = pair.left() != null ? Side.LEFT : Side.RIGHT;
    Side to = from.other();
    Snapshot source = Objects.requireNonNull(pair.seen(from));
    SyncPlan plan = planner.create(mapping, to, source);
    Optional<NativeRecord> found =
        pair.creating() ? find(pair, mapping, to, source.ref()) : Optional.empty();
    if (found.isPresent()) {
      return linked(pair, mapping, plan, to, source, found.get(), true);
    }
    Pair marked =
        pair.creating() ? pair : journal.commit(pair.whileCreating(), List.of(), List.of());
    return create(marked, mapping, plan, to, source);
  }

  private Pair create(Pair pair, Mapping mapping, SyncPlan plan, Side to, Snapshot source) {
    Map<String, String> values =
        plan.updates().containsKey(to)
            ? Objects.requireNonNull(plan.updates().get(to)).values()
            : Map.of();
    var write = mapping.create(to, values, references);
    Map<String, String> gaps = new HashMap<>(plan.gaps());
    gaps.putAll(write.gaps());
    SyncPlan written = new SyncPlan(plan.updates(), plan.announcements(), plan.settled(), gaps);
    try {
      var created =
          actions.count(
              Action.CREATE,
              () ->
                  connectors.create(
                      mapping.system(to), mapping.kind(to), write.body(), source.ref().toString()));
      return linked(pair, mapping, written, to, source, created, false);
    } catch (Rejected refused) {
      // A system may refuse a second open record with the same correlation id; then the first is
      // it.
      var found = find(pair, mapping, to, source.ref()).orElseThrow(() -> refused);
      return linked(pair, mapping, written, to, source, found, true);
    }
  }

  private Optional<NativeRecord> find(Pair pair, Mapping mapping, Side to, RecordRef source) {
    return connectors
        .findByCorrelation(mapping.system(to), mapping.kind(to), source.toString())
        .filter(
            record ->
                pairs.find(record.ref()).map(other -> other.id().equals(pair.id())).orElse(true));
  }

  private Pair linked(
      Pair pair,
      Mapping mapping,
      SyncPlan plan,
      Side to,
      Snapshot source,
      NativeRecord record,
      boolean found) {
    Snapshot created = snapshots.read(mapping, to, record, null);
    notes.keep(source.ref(), connectors.notes(source.ref()));
    Pair linked =
        pair.seen(to, created)
            .in(Pair.State.LINKED)
            .agreeing(planner.agreedAtCreation(mapping, plan, to, source, created, found))
            .withGaps(plan.gaps());
    String what = found ? "found" : "created";
    var entry =
        new History(
            what,
            "%s was %s for %s".formatted(created.key(), what, source.key()),
            Map.of("record", created.ref().toString(), "for", source.ref().toString()));
    List<Journal.Owed> owed = new ArrayList<>(linkNotes(mapping, to.other(), source, created));
    plan.announcements()
        .forEach(note -> owed.add(new Journal.Owed(note.to(), note.field() + ":0", note.text())));
    return journal.commit(linked, List.of(entry), owed);
  }

  /** Both records exist and one names the other; what differs is decided field by field. */
  private Pair adopt(Pair pair) {
    Snapshot left = Objects.requireNonNull(pair.leftSeen());
    Snapshot right = Objects.requireNonNull(pair.rightSeen());
    var entry =
        new History(
            "adopted",
            "%s and %s already named each other".formatted(left.key(), right.key()),
            Map.of());
    notes.keep(left.ref(), connectors.notes(left.ref()));
    notes.keep(right.ref(), connectors.notes(right.ref()));
    return journal.commit(pair.in(Pair.State.LINKED).whenLinked(), List.of(entry), List.of());
  }

  private static List<Journal.Owed> linkNotes(
      Mapping mapping, Side from, Snapshot source, Snapshot created) {
    return List.of(
        new Journal.Owed(from, "link-source", linkText(mapping.system(from.other()), created)),
        new Journal.Owed(from.other(), "link-created", linkText(mapping.system(from), source)));
  }

  private static String linkText(String system, Snapshot far) {
    String where = far.url().isEmpty() ? "" : ": " + far.url();
    return "Kept in step with %s %s%s".formatted(system, far.key(), where);
  }

  /** Writes on each record which its counterpart is, where the system has a field for it. */
  Pair tell(Pair pair, Mapping mapping) {
    Pair told = pair;
    for (Side side : Side.values()) {
      Snapshot here = Objects.requireNonNull(told.seen(side));
      Snapshot far = Objects.requireNonNull(told.seen(side.other()));
      String correlation = far.ref().toString();
      if (!here.correlationId().equals(correlation)) {
        var after =
            actions.count(Action.LINK, () -> connectors.link(here.ref(), correlation, far.key()));
        if (after.isPresent()) {
          told = told.seen(side, snapshots.read(mapping, side, after.get(), here));
        }
      }
    }
    return journal.commit(told.whenLinked(), List.of(), List.of());
  }
}
