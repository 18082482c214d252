package dev.lockstep.sync;

import dev.lockstep.mapping.Mapping;
import dev.lockstep.record.Side;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reports records that do not start syncing only because they have, or hide, a value that their
 * mapping does not list. Counted per value and logged once for each. Thread-safe.
 */
@Component
class UndecidedScope {
  private static final Logger LOG = LoggerFactory.getLogger(UndecidedScope.class);

  /** Limits the number of time series: each value is one, and the values come from outside. */
  private static final int MAX_VALUES = 100;

  private static final String NOT_SHOWN = "(not shown)";
  private static final String OTHER = "(other)";

  private final MeterRegistry metrics;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  UndecidedScope(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  /**
   * @param values by field, the values that leave open whether the record is in scope
   */
  void report(Mapping mapping, Side side, String key, Map<String, @Nullable String> values) {
    values.forEach(
        (field, value) -> report(mapping, side, key, field, value == null ? NOT_SHOWN : value));
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
