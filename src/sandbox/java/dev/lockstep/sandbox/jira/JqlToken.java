package dev.lockstep.sandbox.jira;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A word or sign of a JQL query.
 *
 * @param quoted written in quotes, so never a keyword
 */
record JqlToken(String text, boolean quoted, boolean sign) {

  boolean is(String keyword) {
    return !quoted && text.toLowerCase(Locale.ROOT).equals(keyword);
  }

  static List<JqlToken> of(String jql) {
    List<JqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < jql.length()) {
      char c = jql.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '"' || c == '\'') {
        at = quoted(jql, at, tokens);
      } else if ("()=!<>~,&|".indexOf(c) >= 0) {
        String two = jql.substring(at, Math.min(at + 2, jql.length()));
        boolean both = List.of("!=", ">=", "<=", "!~", "&&", "||").contains(two);
        String sign = both ? two : String.valueOf(c);
        tokens.add(new JqlToken(sign, false, true));
        at += sign.length();
      } else {
        at = word(jql, at, tokens);
      }
    }
    return tokens;
  }

  private static int quoted(String jql, int start, List<JqlToken> tokens) {
    char quote = jql.charAt(start);
    StringBuilder text = new StringBuilder();
    for (int at = start + 1; at < jql.length(); at++) {
      char c = jql.charAt(at);
      if (c == '\\' && at + 1 < jql.length()) {
        at++;
        char escaped = jql.charAt(at);
        text.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case 'r' -> '\r';
              case '"', '\'', '\\', ' ' -> escaped;
              default ->
                  throw JiraError.badRequest(
                      "Error in the JQL Query: '\\%c' is an illegal JQL escape sequence. The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX."
                          .formatted(escaped));
            });
      } else if (c == quote) {
        tokens.add(new JqlToken(text.toString(), true, false));
        return at + 1;
      } else {
        text.append(c);
      }
    }
    throw JiraError.badRequest(
        "Error in the JQL Query: The quoted string '%s' has not been completed. (line 1, character %d)"
            .formatted(text, start + 1));
  }

  /** Also {@code cf[10050]} and {@code issue.property["a key"].path}, brackets and all. */
  private static int word(String jql, int start, List<JqlToken> tokens) {
    StringBuilder text = new StringBuilder();
    int at = start;
    boolean inBrackets = false;
    while (at < jql.length()) {
      char c = jql.charAt(at);
      if (!inBrackets && (Character.isWhitespace(c) || "()=!<>~,&|\"'".indexOf(c) >= 0)) {
        break;
      }
      inBrackets = c == '[' || (inBrackets && c != ']');
      if (!inBrackets || (c != '"' && c != '\'')) {
        text.append(c);
      }
      at++;
    }
    if (inBrackets) {
      throw JiraError.badRequest("Error in the JQL Query: Expecting ']' before the end.");
    }
    String word = text.toString();
    if (!word.contains("[") && word.chars().anyMatch(c -> "@#$%^*;?{}+`".indexOf(c) >= 0)) {
      throw JiraError.badRequest(
          "Error in the JQL Query: The character '%s' is a reserved JQL character. You must enclose it in a string or use the escape '\\u%04x' instead. (line 1, character %d)"
              .formatted(firstReserved(word), (int) firstReserved(word).charAt(0), start + 1));
    }
    tokens.add(new JqlToken(word, false, false));
    return at;
  }

  private static String firstReserved(String word) {
    return word.chars()
        .filter(c -> "@#$%^*;?{}+`".indexOf(c) >= 0)
        .mapToObj(Character::toString)
        .findFirst()
        .orElse(word);
  }
}
