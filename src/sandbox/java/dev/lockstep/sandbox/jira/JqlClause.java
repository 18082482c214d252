package dev.lockstep.sandbox.jira;

import java.util.List;
import java.util.Locale;

/** What a JQL query asks for. */
sealed interface JqlClause {

  /** All must hold. */
  record And(List<JqlClause> parts) implements JqlClause {}

  /** One must hold. */
  record Or(List<JqlClause> parts) implements JqlClause {}

  /**
   * A field compared.
   *
   * @param operator in lower case: {@code not in}, {@code >=}
   * @param values one, but for lists
   */
  record Comparison(String field, String operator, List<Value> values) implements JqlClause {}

  /** What a field is compared with. */
  record Value(String text, boolean function, boolean empty) {

    String lower() {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  /** A field to order by. */
  record Order(String field, boolean descending) {}

  /** Jira knows no NOT of its own: it turns each operator around. */
  static JqlClause negated(JqlClause clause) {
    if (clause instanceof And and) {
      return new Or(and.parts().stream().map(JqlClause::negated).toList());
    }
    if (clause instanceof Or or) {
      return new And(or.parts().stream().map(JqlClause::negated).toList());
    }
    Comparison comparison = (Comparison) clause;
    String opposite =
        switch (comparison.operator()) {
          case "=" -> "!=";
          case "!=" -> "=";
          case ">" -> "<=";
          case ">=" -> "<";
          case "<" -> ">=";
          case "<=" -> ">";
          case "~" -> "!~";
          case "!~" -> "~";
          case "in" -> "not in";
          case "not in" -> "in";
          case "is" -> "is not";
          default -> "is";
        };
    return new Comparison(comparison.field(), opposite, comparison.values());
  }
}
