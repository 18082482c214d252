package dev.lockstep.sync;

import dev.lockstep.audit.AuditEvent;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.mapping.Mapping;
import dev.lockstep.pair.UnmappedValue;
import dev.lockstep.record.RecordState;
import dev.lockstep.record.Side;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reports records that do not start syncing only because they have, or hide, a value that their
 * mapping does not list. Counted per value, logged once for each, and in the audit of the record.
 * Thread-safe.
 */
@Component
class UndecidedScope {
  private static final Logger LOG = LoggerFactory.getLogger(UndecidedScope.class);

  /** Limits the number of time series: each value is one, and the values come from outside. */
  private static final int MAX_VALUES = 100;

  private static final String NOT_SHOWN = "(not shown)";
  private static final String OTHER = "(other)";

  /** More fields than these do not decide about one record. */
  private static final int LOOKED_AT = 20;

  private final MeterRegistry metrics;
  private final AuditStore audit;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  UndecidedScope(MeterRegistry metrics, AuditStore audit) {
    this.metrics = metrics;
    this.audit = audit;
  }

  /**
   * @param values by field, the values that leave open whether the record is in scope
   */
  void report(
      Mapping mapping, Side side, RecordState record, Map<String, @Nullable String> values) {
    values.forEach(
        (field, value) ->
            report(mapping, side, record.key(), field, value == null ? NOT_SHOWN : value));
    recordNew(mapping, side, record, values);
  }

  /** Once for each value of a record: further changes of the record say nothing new. */
  private void recordNew(
      Mapping mapping, Side side, RecordState record, Map<String, @Nullable String> values) {
    List<UnmappedValue> shown = new ArrayList<>();
    values.forEach(
        (field, value) -> {
          if (value != null) {
            shown.add(new UnmappedValue(mapping.name(), field, side, value));
          }
        });
    if (shown.isEmpty()) {
      return;
    }
    AuditSubject subject = new AuditSubject("record", record.ref().toString());
    List<AuditEvent> known = audit.findLatest(subject, UnmappedValue.WHAT, LOOKED_AT);
    shown.removeIf(value -> known.stream().anyMatch(event -> value.isIn(event.entry())));
    if (!shown.isEmpty()) {
      audit.record(subject, shown.stream().map(value -> value.toEntry(record.key())).toList());
    }
  }

  private void report(Mapping mapping, Side side, String key, String field, String value) {
    String name = String.join("\n", mapping.name(), side.label(), field, value);
    boolean isNew = reported.size() < MAX_VALUES && reported.add(name);
    metrics
        .counter(
            "lockstep.scope.undecided",
            "mapping",
            mapping.name(),
            "system",
            mapping.system(side),
            "field",
            field,
            "value",
            reported.contains(name) ? value : OTHER)
        .increment();
    if (isNew) {
      LOG.warn(
          "{} {} does not start syncing: mapping {} does not say whether {} '{}' is in scope. List"
              + " the value in the field's tables, and in `starts` if it is",
          mapping.system(side),
          key,
          mapping.name(),
          field,
          value);
    }
  }
}
