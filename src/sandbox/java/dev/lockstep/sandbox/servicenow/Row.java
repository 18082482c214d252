package dev.lockstep.sandbox.servicenow;

import java.util.Map;

/** A stored record: only the columns that have a value, as ServiceNow keeps them. */
record Row(String table, String sysId, Map<String, String> values) {

  Row {
    values = Map.copyOf(values);
  }

  String get(String column) {
    return values.getOrDefault(column, "");
  }
}
