package dev.lockstep.dryrun;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.connector.ConnectorCatalog;
import dev.lockstep.connector.definition.CallLimits;
import dev.lockstep.dryrun.ChangePlan.PlannedField;
import dev.lockstep.dryrun.ChangePlan.PlannedGap;
import dev.lockstep.dryrun.ChangePlan.PlannedNote;
import dev.lockstep.dryrun.ChangePlan.PlannedRecord;
import dev.lockstep.dryrun.ChangePlan.SystemSummary;
import dev.lockstep.dryrun.DryRunStore.Event;
import dev.lockstep.dryrun.DryRunStore.PlannedPair;
import dev.lockstep.dryrun.PlannedWrite.Operation;
import dev.lockstep.mapping.FieldMapping;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.mapping.References;
import dev.lockstep.pair.RecordStore;
import dev.lockstep.record.NoteMark;
import dev.lockstep.record.RecordRef;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import dev.lockstep.sync.MappingCatalog;
import dev.lockstep.sync.WriteAudit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the recorded writes together with the values and mappings that caused them. */
final class PlanReport {
  private final RecordingConnectors recorded;
  private final DryRunStore store;
  private final RecordStore records;
  private final MappingCatalog mappings;
  private final References references;

  /** By record, the fields written to it, each with its first value before and its last after. */
  private final Map<RecordRef, Map<String, PlannedField>> fields = new HashMap<>();

  private final Map<RecordRef, Set<RecordRef>> sources = new HashMap<>();
  private final Map<RecordRef, Optional<RecordState>> states = new HashMap<>();

  PlanReport(
      RecordingConnectors recorded,
      DryRunStore store,
      RecordStore records,
      MappingCatalog mappings,
      References references) {
    this.recorded = recorded;
    this.store = store;
    this.records = records;
    this.mappings = mappings;
    this.references = references;
  }

  List<PlannedRecord> records() {
    Map<RecordRef, List<PlannedWrite>> writes = new LinkedHashMap<>();
    recorded
        .writes()
        .forEach(
            write -> writes.computeIfAbsent(write.record(), r -> new ArrayList<>()).add(write));
    Map<String, PlannedPair> pairs = new HashMap<>();
    for (PlannedPair pair : store.changedPairs()) {
      pairs.put("pair:" + pair.id(), pair);
      link(pair.left(), pair.right());
      link(pair.right(), pair.left());
    }
    writes.forEach((ref, made) -> addCreated(ref, made, pairs.values()));
    for (Event event : store.events()) {
      PlannedPair pair = pairs.get(event.subject());
      if (pair != null && event.what().equals(WriteAudit.WHAT)) {
        addUpdated(pair, event);
      }
    }
    List<PlannedRecord> planned = new ArrayList<>();
    writes.forEach((ref, made) -> planned.add(record(ref, made)));
    return planned;
  }

  private void link(@Nullable RecordRef record, @Nullable RecordRef counterpart) {
    if (record != null && counterpart != null) {
      sources.computeIfAbsent(record, r -> new LinkedHashSet<>()).add(counterpart);
    }
  }

  /** The fields of the request that creates a record. */
  private void addCreated(RecordRef ref, List<PlannedWrite> made, Iterable<PlannedPair> pairs) {
    PlannedWrite first = made.get(0);
    if (first.operation() != Operation.CREATE || first.body() == null) {
      return;
    }
    for (PlannedPair pair : pairs) {
      Mapping mapping = mappings.findByName(pair.mapping()).orElse(null);
      Side side = pair.sideOf(ref);
      if (mapping != null && side != null) {
        Map<String, String> sent = mapping.read(side, first.body(), references);
        for (FieldMapping field : mapping.fields()) {
          if (field.flowsTo(side) || field.flowsAtCreationTo(side)) {
            add(pair, side, field.name(), "", sent.getOrDefault(field.name(), ""));
          }
        }
        // Its other pairs only receive it.
        return;
      }
    }
  }

  private void addUpdated(PlannedPair pair, Event event) {
    WriteAudit write =
        WriteAudit.parse(new AuditEntry(event.what(), event.text(), event.details()));
    write
        .written()
        .forEach(
            (field, value) ->
                add(pair, write.side(), field, write.was().getOrDefault(field, ""), value));
  }

  private void add(PlannedPair pair, Side side, String field, String before, String after) {
    RecordRef ref = pair.ref(side);
    RecordRef counterpart = pair.ref(side.other());
    if (ref == null || counterpart == null || before.equals(after)) {
      return;
    }
    RecordState source = state(counterpart).orElse(null);
    String value = source == null ? "" : source.in(pair.mapping()).values().getOrDefault(field, "");
    fields
        .computeIfAbsent(ref, r -> new LinkedHashMap<>())
        .merge(
            pair.mapping() + " " + field,
            new PlannedField(field, before, after, pair.mapping(), key(counterpart), value),
            (first, last) ->
                new PlannedField(
                    field, first.before(), after, pair.mapping(), last.from(), last.source()));
  }

  private PlannedRecord record(RecordRef ref, List<PlannedWrite> made) {
    RecordState state = state(ref).orElse(null);
    List<PlannedField> changed = List.copyOf(fields.getOrDefault(ref, new TreeMap<>()).values());
    boolean isNew = RecordingConnectors.isPlanned(ref);
    boolean isUpdated = made.stream().anyMatch(write -> write.operation() == Operation.UPDATE);
    return new PlannedRecord(
        ref.toString(),
        ref.system(),
        made.get(0).key(),
        title(state),
        state == null ? "" : state.url(),
        isNew ? "CREATE" : isUpdated ? "UPDATE" : "NOTES",
        sources.getOrDefault(ref, Set.of()).stream().map(this::key).toList(),
        changed,
        notes(made),
        made.stream()
            .filter(
                write ->
                    write.operation() == Operation.LINK
                        || write.operation() == Operation.CONSOLIDATE)
            .map(PlannedWrite::text)
            .distinct()
            .toList(),
        basis(ref));
  }

  private static String title(@Nullable RecordState state) {
    return state == null
        ? ""
        : state.values().values().stream()
            .map(values -> values.getOrDefault("title", ""))
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse("");
  }

  private static List<PlannedNote> notes(List<PlannedWrite> made) {
    List<PlannedNote> notes = new ArrayList<>();
    for (PlannedWrite write : made) {
      if (write.operation() == Operation.INTERNAL_NOTE) {
        notes.add(new PlannedNote("INTERNAL", NoteMark.removeFrom(write.text())));
      } else if (write.operation() == Operation.PUBLIC_NOTE) {
        notes.add(new PlannedNote("PUBLIC", NoteMark.removeFrom(write.text())));
      }
    }
    return notes;
  }

  /** The record itself and its counterparts, if they exist. */
  private Map<String, String> basis(RecordRef ref) {
    Map<String, String> basis = new LinkedHashMap<>();
    Set<RecordRef> involved = new LinkedHashSet<>(sources.getOrDefault(ref, Set.of()));
    involved.add(ref);
    for (RecordRef one : involved) {
      if (!RecordingConnectors.isPlanned(one)) {
        recorded
            .version(one)
            .or(() -> state(one).map(RecordState::version))
            .ifPresent(version -> basis.put(one.toString(), version.toString()));
      }
    }
    return basis;
  }

  List<PlannedGap> gaps() {
    List<PlannedGap> gaps = new ArrayList<>();
    for (PlannedPair pair : store.changedPairs()) {
      new TreeMap<>(pair.gaps())
          .forEach(
              (field, reason) ->
                  gaps.add(
                      new PlannedGap(
                          pair.mapping(), key(pair.left()), key(pair.right()), field, reason)));
    }
    return gaps;
  }

  List<SystemSummary> systems(ConnectorCatalog catalog, MeterRegistry metrics) {
    List<SystemSummary> summaries = new ArrayList<>();
    for (String system : catalog.systems()) {
      List<PlannedWrite> made =
          recorded.writes().stream().filter(w -> w.record().system().equals(system)).toList();
      long reads =
          metrics.find("lockstep.calls").tag("system", system).timers().stream()
              .mapToLong(Timer::count)
              .sum();
      CallLimits.Rate rate = catalog.connector(system).limits().rate();
      double perMinute = rate.calls() * 60_000.0 / rate.per().toMillis();
      summaries.add(
          new SystemSummary(
              system,
              catalog.connector(system).title(),
              count(made, Operation.CREATE),
              count(made, Operation.UPDATE),
              count(made, Operation.INTERNAL_NOTE) + count(made, Operation.PUBLIC_NOTE),
              count(made, Operation.LINK) + count(made, Operation.CONSOLIDATE),
              reads,
              made.size(),
              Math.round(perMinute),
              (reads + made.size()) / perMinute));
    }
    return summaries;
  }

  private static int count(List<PlannedWrite> made, Operation operation) {
    return (int) made.stream().filter(write -> write.operation() == operation).count();
  }

  private Optional<RecordState> state(RecordRef ref) {
    return states.computeIfAbsent(ref, records::findState);
  }

  String key(@Nullable RecordRef ref) {
    return ref == null
        ? ""
        : state(ref).map(RecordState::key).filter(k -> !k.isEmpty()).orElse(ref.toString());
  }
}
