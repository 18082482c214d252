package dev.lockstep.sandbox.servicenow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A parsed {@code sysparm_query}: groups joined by {@code ^NQ}, each an AND of ORs, and the order.
 * As on a real instance, a part that makes no sense is left out and the rest is run, unless the
 * instance has {@code glide.invalid_query.returns_no_rows}.
 *
 * <p>Source: "Table API", parameter sysparm_query, and "Operators available for filters and
 * queries".
 */
record EncodedQuery(
    String table, List<List<List<QueryCondition>>> groups, List<Order> orders, boolean noRows) {

  /** A sort key. */
  record Order(String path, Column column, boolean descending) {}

  private static final char CARET = '\u0000';

  static EncodedQuery parse(
      String text, String table, Store store, QueryScript scripted, boolean strict) {
    List<List<List<QueryCondition>>> groups = new ArrayList<>();
    List<Order> orders = new ArrayList<>();
    boolean invalid = false;
    // A doubled caret is a caret within a value.
    for (String group : text.replace("^^", String.valueOf(CARET)).split("\\^NQ", -1)) {
      List<List<QueryCondition>> all = new ArrayList<>();
      for (String part : group.split("\\^", -1)) {
        String term = part.replace(CARET, '^');
        if (term.isEmpty() || term.equals("EQ") || term.startsWith("GROUPBY")) {
          continue;
        }
        if (term.startsWith("ORDERBY")) {
          Optional<Order> order = order(term, table, store);
          order.ifPresent(orders::add);
          invalid |= order.isEmpty();
          continue;
        }
        boolean or = term.startsWith("OR");
        Optional<QueryCondition> condition =
            condition(or ? term.substring(2) : term, table, store, scripted);
        invalid |= condition.isEmpty();
        if (or && !all.isEmpty()) {
          condition.ifPresent(all.get(all.size() - 1)::add);
        } else {
          // Kept even when empty: an OR that follows belongs to this place.
          all.add(new ArrayList<>(condition.stream().toList()));
        }
      }
      all.removeIf(List::isEmpty);
      groups.add(all);
    }
    return new EncodedQuery(table, groups, orders, invalid && strict);
  }

  private static Optional<Order> order(String term, String table, Store store) {
    boolean descending = term.startsWith("ORDERBYDESC");
    String path = term.substring(descending ? 11 : 7);
    Column column = store.columnAt(table, path);
    return column == null ? Optional.empty() : Optional.of(new Order(path, column, descending));
  }

  private static Optional<QueryCondition> condition(
      String term, String table, Store store, QueryScript scripted) {
    int end = 0;
    while (end < term.length() && isColumnCharacter(term.charAt(end))) {
      end++;
    }
    String path = term.substring(0, end);
    String rest = term.substring(end);
    Column column = path.isEmpty() ? null : store.columnAt(table, path);
    if (column == null) {
      return Optional.empty();
    }
    for (QueryCondition.Operator operator : QueryCondition.Operator.values()) {
      if (rest.startsWith(operator.spelling())) {
        String raw = rest.substring(operator.spelling().length());
        return scripted
            .value(column, operator, raw)
            .map(value -> new QueryCondition(path, column, operator, value));
      }
    }
    return Optional.empty();
  }

  private static boolean isColumnCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  }

  /**
   * The matching rows in order. Where the order leaves rows equal, theirs is not promised, so it is
   * made to differ with {@code salt}: a caller that pages without a complete order must find out.
   */
  List<Row> run(Store store, int salt) {
    if (noRows) {
      return List.of();
    }
    List<Row> matching = new ArrayList<>();
    for (Row row : candidates(store)) {
      if (matches(store, row)) {
        matching.add(row);
      }
    }
    matching.sort((left, right) -> compare(store, left, right, salt));
    return matching;
  }

  private List<Row> candidates(Store store) {
    if (groups.size() == 1) {
      for (List<QueryCondition> anyOf : groups.get(0)) {
        QueryCondition only = anyOf.get(0);
        if (anyOf.size() == 1 && only.picksValues() && store.indexed(table, only.path())) {
          List<String> values =
              only.operator() == QueryCondition.Operator.IN ? only.values() : List.of(only.value());
          return store.lookUp(table, only.path(), values);
        }
      }
    }
    return store.all(table);
  }

  boolean matches(Store store, Row row) {
    for (List<List<QueryCondition>> group : groups) {
      boolean all = true;
      for (List<QueryCondition> anyOf : group) {
        boolean any = false;
        for (QueryCondition condition : anyOf) {
          any |= condition.holds(store, row);
        }
        all &= any;
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  private int compare(Store store, Row left, Row right, int salt) {
    for (Order order : orders) {
      int compared =
          QueryCondition.compare(
              order.column(), text(store, left, order), text(store, right, order));
      if (compared != 0) {
        return order.descending() ? -compared : compared;
      }
    }
    return Integer.compare(shuffled(left, salt), shuffled(right, salt));
  }

  private static String text(Store store, Row row, Order order) {
    String value = store.value(row, order.path());
    return value == null ? "" : value;
  }

  private static int shuffled(Row row, int salt) {
    return (row.sysId().hashCode() ^ salt) * 0x9E3779B9;
  }
}
