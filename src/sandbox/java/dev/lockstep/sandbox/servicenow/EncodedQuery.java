package dev.lockstep.sandbox.servicenow;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed {@code sysparm_query}, as far as Lockstep sends one: conditions with {@code =}, {@code
 * IN}, {@code >=} and {@code >}, joined by {@code ^} and {@code ^OR}, then {@code ORDERBY} and
 * {@code ORDERBYDESC}. Everything else is refused, so that a query nobody simulated fails a test
 * instead of finding something.
 *
 * <p>As on a real instance, a condition on an unknown column or with a date that is none is left
 * out and the rest is run, unless the instance has {@code glide.invalid_query.returns_no_rows}.
 *
 * <p>Source: "Table API", parameter sysparm_query, and "Operators available for filters and
 * queries".
 *
 * @param conditions an AND of ORs
 */
record EncodedQuery(
    String table, List<List<Condition>> conditions, List<Order> orders, boolean noRows) {

  /** A sort key. */
  record Order(String path, Column column, boolean descending) {}

  /** Columns may be dot-walked; the value of a date column is UTC, as stored. */
  record Condition(String path, Column column, String operator, String value) {

    boolean matches(Store store, Row row) {
      String actual = store.value(row, path);
      if (actual == null) {
        return false;
      }
      return switch (operator) {
        case "=", "IN" -> values().contains(actual);
        case "LIKE" -> actual.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
        case ">" -> !actual.isEmpty() && compare(column, actual, value) > 0;
        default -> !actual.isEmpty() && compare(column, actual, value) >= 0;
      };
    }

    List<String> values() {
      return operator.equals("IN") ? List.of(value.split(",", -1)) : List.of(value);
    }

    /** Whether only rows whose column has one of {@link #values()} can match. */
    boolean picksValues() {
      return !operator.startsWith(">") && !operator.equals("LIKE") && !values().contains("");
    }
  }

  private static final char CARET = '\u0000';
  private static final Pattern ORDER = Pattern.compile("ORDERBY(DESC)?([a-z0-9_.]+)");
  private static final Pattern CONDITION =
      Pattern.compile("([a-z0-9_.]+)(>=|>|=|IN|LIKE)(.*)", Pattern.DOTALL);

  /**
   * @param zone in which plain times are read: the time zone of the user who asks
   * @param strict whether a part that makes no sense leaves no rows
   */
  static EncodedQuery parse(String text, String table, Store store, ZoneId zone, boolean strict) {
    List<List<Condition>> conditions = new ArrayList<>();
    List<Order> orders = new ArrayList<>();
    boolean invalid = false;
    // A doubled caret is a caret within a value.
    for (String part : text.replace("^^", String.valueOf(CARET)).split("\\^", -1)) {
      String term = part.replace(CARET, '^');
      Matcher order = ORDER.matcher(term);
      if (term.isEmpty()) {
        continue;
      }
      if (order.matches()) {
        Column column = store.columnAt(table, order.group(2));
        if (column != null) {
          orders.add(new Order(order.group(2), column, order.group(1) != null));
        }
        invalid |= column == null;
        continue;
      }
      boolean or = term.startsWith("OR");
      Optional<Condition> condition = condition(or ? term.substring(2) : term, table, store, zone);
      invalid |= condition.isEmpty();
      if (!or || conditions.isEmpty()) {
        // Kept even when empty: an OR that follows belongs to this place.
        conditions.add(new ArrayList<>());
      }
      condition.ifPresent(conditions.get(conditions.size() - 1)::add);
    }
    conditions.removeIf(List::isEmpty);
    return new EncodedQuery(table, conditions, orders, invalid && strict);
  }

  private static Optional<Condition> condition(
      String term, String table, Store store, ZoneId zone) {
    Matcher parts = CONDITION.matcher(term);
    if (!parts.matches() || parts.group(3).startsWith("javascript:")) {
      throw new ServiceNowException(
          400, "The simulator knows no '" + term + "' in sysparm_query", "See its EncodedQuery");
    }
    Column column = store.columnAt(table, parts.group(1));
    if (column == null) {
      return Optional.empty();
    }
    String value = parts.group(3);
    boolean plainTime = column.type() == Column.Type.DATE_TIME && !value.isEmpty();
    return (plainTime ? Times.parse(value, zone).map(Times::format) : Optional.of(value))
        .map(stored -> new Condition(parts.group(1), column, parts.group(2), stored));
  }

  /**
   * The matching rows in order. Where the order leaves rows equal, theirs is not promised, so it is
   * made to differ with {@code salt}: a caller that pages without a complete order must find out.
   */
  List<Row> run(Store store, int salt) {
    List<Row> candidates = noRows ? List.of() : candidates(store);
    return candidates.stream()
        .filter(row -> matches(store, row))
        .sorted((left, right) -> compare(store, left, right, salt))
        .toList();
  }

  private List<Row> candidates(Store store) {
    for (List<Condition> anyOf : conditions) {
      Condition only = anyOf.get(0);
      if (anyOf.size() == 1 && only.picksValues() && store.indexed(table, only.path())) {
        return store.lookUp(table, only.path(), only.values());
      }
    }
    return store.all(table);
  }

  private boolean matches(Store store, Row row) {
    return conditions.stream()
        .allMatch(anyOf -> anyOf.stream().anyMatch(condition -> condition.matches(store, row)));
  }

  private int compare(Store store, Row left, Row right, int salt) {
    for (Order order : orders) {
      int compared = compare(order.column(), text(store, left, order), text(store, right, order));
      if (compared != 0) {
        return order.descending() ? -compared : compared;
      }
    }
    return Integer.compare(shuffled(left, salt), shuffled(right, salt));
  }

  /** As the database orders: numbers by size, all else as text, the empty first. */
  private static int compare(Column column, String left, String right) {
    if (column.numeric() && left.matches("-?\\d{1,9}") && right.matches("-?\\d{1,9}")) {
      return Integer.compare(Integer.parseInt(left), Integer.parseInt(right));
    }
    return left.compareTo(right);
  }

  private static String text(Store store, Row row, Order order) {
    String value = store.value(row, order.path());
    return value == null ? "" : value;
  }

  private static int shuffled(Row row, int salt) {
    return (row.sysId().hashCode() ^ salt) * 0x9E3779B9;
  }
}
