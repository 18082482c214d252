package dev.lockstep.sandbox.servicenow;

import java.util.Arrays;
import java.util.List;

/** One {@code <column><operator><value>} of an encoded query; columns may be dot-walked. */
record QueryCondition(String path, Column column, Operator operator, String value) {

  /** Longer spellings come before those they begin with. */
  enum Operator {
    NOT_EQUAL("!="),
    AT_LEAST(">="),
    AT_MOST("<="),
    EQUAL("="),
    MORE(">"),
    LESS("<"),
    NOT_LIKE("NOT LIKE"),
    DOES_NOT_CONTAIN("NOTLIKE"),
    NOT_IN("NOT IN"),
    IS_NOT_EMPTY("ISNOTEMPTY"),
    IS_EMPTY("ISEMPTY"),
    ANYTHING("ANYTHING"),
    BETWEEN("BETWEEN"),
    STARTS_WITH("STARTSWITH"),
    ENDS_WITH("ENDSWITH"),
    LIKE("LIKE"),
    IN("IN");

    private final String spelling;

    Operator(String spelling) {
      this.spelling = spelling;
    }

    String spelling() {
      return spelling;
    }
  }

  boolean holds(Store store, Row row) {
    String actual = store.value(row, path);
    if (actual == null) {
      return false;
    }
    return switch (operator) {
      case EQUAL -> actual.equals(value);
      case NOT_EQUAL -> !actual.equals(value);
      case IN -> values().contains(actual);
      case NOT_IN -> !values().contains(actual);
      case LIKE -> actual.contains(value);
      case NOT_LIKE, DOES_NOT_CONTAIN -> !actual.contains(value);
      case STARTS_WITH -> actual.startsWith(value);
      case ENDS_WITH -> actual.endsWith(value);
      case IS_EMPTY -> actual.isEmpty();
      case IS_NOT_EMPTY -> !actual.isEmpty();
      case ANYTHING -> true;
      case MORE -> !actual.isEmpty() && compare(column, actual, value) > 0;
      case AT_LEAST -> !actual.isEmpty() && compare(column, actual, value) >= 0;
      case LESS -> !actual.isEmpty() && compare(column, actual, value) < 0;
      case AT_MOST -> !actual.isEmpty() && compare(column, actual, value) <= 0;
      case BETWEEN -> !actual.isEmpty() && between(actual);
    };
  }

  private boolean between(String actual) {
    int at = value.indexOf('@');
    return compare(column, actual, value.substring(0, at)) >= 0
        && compare(column, actual, value.substring(at + 1)) <= 0;
  }

  List<String> values() {
    return Arrays.asList(value.split(",", -1));
  }

  /** Whether only rows whose column has one of {@link #values()} can match. */
  boolean picksValues() {
    return (operator == Operator.EQUAL || operator == Operator.IN) && !values().contains("");
  }

  /** As the database orders: numbers by size, all else as text, the empty first. */
  static int compare(Column column, String left, String right) {
    if (column.numeric() && left.matches("-?\\d{1,9}") && right.matches("-?\\d{1,9}")) {
      return Integer.compare(Integer.parseInt(left), Integer.parseInt(right));
    }
    return left.compareTo(right);
  }
}
