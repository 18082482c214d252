package dev.lockstep.mapping;

import dev.lockstep.record.Side;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A file's {@code priority} section.
 *
 * @param field the field that holds the priority; empty if the file has no such section
 * @param values of each side, highest priority first
 */
record PriorityOrder(String field, Map<Side, List<String>> values) {

  OptionalInt rank(Side side, Map<String, String> record) {
    int rank = values.getOrDefault(side, List.of()).indexOf(record.getOrDefault(field, ""));
    return rank < 0 ? OptionalInt.empty() : OptionalInt.of(rank);
  }
}
