package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.jira.JqlClause.And;
import dev.lockstep.sandbox.jira.JqlClause.Comparison;
import dev.lockstep.sandbox.jira.JqlClause.Or;
import dev.lockstep.sandbox.jira.JqlClause.Order;
import dev.lockstep.sandbox.jira.JqlClause.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads JQL, after "Use advanced search with Jira Query Language" in Atlassian's support pages. */
final class JqlParser {

  private static final int MOST_ORDERS = 7;
  private static final Set<String> SIGNS = Set.of("=", "!=", ">", ">=", "<", "<=", "~", "!~");

  /**
   * A query read.
   *
   * @param where null: unbounded
   */
  record Parsed(@Nullable JqlClause where, List<Order> order) {}

  private final List<JqlToken> tokens;
  private int at;

  private JqlParser(String jql) {
    this.tokens = JqlToken.of(jql);
  }

  static Parsed parse(String jql) {
    return new JqlParser(jql).query();
  }

  private Parsed query() {
    JqlClause where = at < tokens.size() && !peekIs("order") ? or() : null;
    List<Order> order = peekIs("order") ? order() : List.of();
    if (at < tokens.size()) {
      throw JiraError.badRequest(
          "Error in the JQL Query: Expecting either 'OR' or 'AND' but got '%s'."
              .formatted(tokens.get(at).text()));
    }
    return new Parsed(where, order);
  }

  private List<Order> order() {
    at++;
    if (!take("by")) {
      throw unexpected("'by'");
    }
    List<Order> order = new ArrayList<>();
    do {
      String field = word("a field name");
      boolean descending = take("desc");
      if (!descending) {
        take("asc");
      }
      order.add(new Order(field, descending));
    } while (take(","));
    if (order.size() > MOST_ORDERS) {
      throw JiraError.badRequest("The ORDER BY clause can contain a maximum of 7 fields.");
    }
    return order;
  }

  private JqlClause or() {
    List<JqlClause> parts = new ArrayList<>(List.of(and()));
    while (take("or") || take("||") || take("|")) {
      parts.add(and());
    }
    return parts.size() == 1 ? parts.get(0) : new Or(parts);
  }

  private JqlClause and() {
    List<JqlClause> parts = new ArrayList<>(List.of(not()));
    while (take("and") || take("&&") || take("&")) {
      parts.add(not());
    }
    return parts.size() == 1 ? parts.get(0) : new And(parts);
  }

  private JqlClause not() {
    if (take("not") || take("!")) {
      return JqlClause.negated(not());
    }
    if (take("(")) {
      JqlClause inner = or();
      if (!take(")")) {
        throw unexpected("')'");
      }
      return inner;
    }
    return comparison();
  }

  private JqlClause comparison() {
    String field = word("a field name");
    String operator = operator();
    List<Value> values = new ArrayList<>();
    if (operator.endsWith("in")) {
      if (!take("(")) {
        throw unexpected("'('");
      }
      do {
        values.add(value());
      } while (take(","));
      if (!take(")")) {
        throw unexpected("')'");
      }
    } else {
      values.add(value());
    }
    return new Comparison(field, operator, values);
  }

  private String operator() {
    if (take("is")) {
      return take("not") ? "is not" : "is";
    }
    if (take("in")) {
      return "in";
    }
    if (take("not")) {
      if (take("in")) {
        return "not in";
      }
      throw unexpected("'IN'");
    }
    if (at < tokens.size() && tokens.get(at).sign() && SIGNS.contains(tokens.get(at).text())) {
      return tokens.get(at++).text();
    }
    throw unexpected("'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'IS' or 'NOT IN'");
  }

  private Value value() {
    boolean quoted = at < tokens.size() && tokens.get(at).quoted();
    String text = word("a value, list or function");
    String lower = text.toLowerCase(Locale.ROOT);
    if (!quoted && take("(")) {
      String argument = peekIs(")") ? "" : word("an argument");
      if (!take(")")) {
        throw unexpected("')'");
      }
      return new Value(lower + "(" + argument + ")", true, false);
    }
    return new Value(text, false, !quoted && (lower.equals("empty") || lower.equals("null")));
  }

  private String word(String wanted) {
    if (at < tokens.size() && !tokens.get(at).sign()) {
      return tokens.get(at++).text();
    }
    throw unexpected(wanted);
  }

  private boolean peekIs(String keyword) {
    return at < tokens.size() && tokens.get(at).is(keyword);
  }

  private boolean take(String keyword) {
    boolean there = peekIs(keyword);
    at += there ? 1 : 0;
    return there;
  }

  private JiraError unexpected(String wanted) {
    String got = at < tokens.size() ? "but got '" + tokens.get(at).text() + "'" : "before the end";
    return JiraError.badRequest("Error in the JQL Query: Expecting " + wanted + " " + got + ".");
  }
}
