package dev.lockstep.sandbox.jira;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of JQL that Lockstep sends: comparisons of a few fields joined by {@code AND}, in the
 * words of "Use advanced search with Jira Query Language (JQL)" in Atlassian's documentation. All
 * else is refused with a message of the simulator's own, so that a question it cannot answer is
 * never answered wrongly.
 *
 * @param where null: unbounded
 */
record Jql(@Nullable Predicate<Issue> where, List<Order> order) {

  /** A field to order by: {@code created}, {@code updated} or {@code key}. */
  record Order(String field, boolean descending) {}

  private static final Set<String> ORDERS = Set.of("created", "updated", "key");

  /**
   * @throws JiraException as Jira refuses what is no JQL or names what does not exist
   */
  static Jql parse(String jql, Site site, JiraUser caller, Instant now) {
    return new Parser(jql, site, caller, now).query();
  }

  private static final class Parser {
    private static final Pattern TOKEN =
        Pattern.compile(
            "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[<>!]?=|[<>~(),]|[^\\s()\"',=<>!~]+)");
    private static final Pattern MINUTES_AGO = Pattern.compile("-(\\d{1,6})m");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    private final Site site;
    private final JiraUser caller;
    private final Instant now;
    private final List<String> tokens = new ArrayList<>();
    private int at;

    Parser(String jql, Site site, JiraUser caller, Instant now) {
      this.site = site;
      this.caller = caller;
      this.now = now;
      Matcher token = TOKEN.matcher(jql);
      int end = 0;
      while (token.find(end) && token.start() == end) {
        tokens.add(token.group(1));
        end = token.end();
      }
      if (!jql.substring(end).isBlank()) {
        throw JiraException.badRequest("Error in the JQL Query: at '" + jql.substring(end) + "'.");
      }
    }

    Jql query() {
      Predicate<Issue> where = at == tokens.size() || isNext("order") ? null : and();
      List<Order> order = new ArrayList<>();
      if (take("order")) {
        expect("by");
        do {
          order.add(order());
        } while (take(","));
      }
      if (at < tokens.size()) {
        throw isNext("or") ? unknown("OR") : unexpected("'AND'");
      }
      return new Jql(where, order.isEmpty() ? List.of(new Order("created", true)) : order);
    }

    private Order order() {
      String field = lower(next("a field name"));
      if (!ORDERS.contains(field)) {
        throw unknown("ORDER BY " + field);
      }
      boolean descending = take("desc");
      if (!descending) {
        take("asc");
      }
      return new Order(field, descending);
    }

    private Predicate<Issue> and() {
      Predicate<Issue> all = one();
      while (take("and")) {
        all = all.and(one());
      }
      return all;
    }

    private Predicate<Issue> one() {
      if (!take("(")) {
        return comparison();
      }
      Predicate<Issue> inner = and();
      expect(")");
      return inner;
    }

    private Predicate<Issue> comparison() {
      String field = lower(next("a field name"));
      String operator = lower(next("an operator"));
      return switch (field) {
        case "created" -> time(field, operator, issue -> issue.created);
        case "updated" -> time(field, operator, issue -> issue.updated);
        case "project" -> oneOf(operator, this::project, issue -> List.of(issue.project.id()));
        case "issuetype", "type" ->
            oneOf(operator, this::issueType, issue -> List.of(issue.text("issuetype")));
        case "key" -> oneOf(operator, Parser::lower, issue -> List.of(lower(issue.key())));
        case "labels" -> oneOf(operator, Parser::lower, Parser::labels);
        default -> throw unknown(field);
      };
    }

    private Predicate<Issue> oneOf(
        String operator, Function<String, String> read, Function<Issue, List<String>> held) {
      List<String> wanted = new ArrayList<>();
      if (operator.equals("in")) {
        expect("(");
        do {
          wanted.add(read.apply(value()));
        } while (take(","));
        expect(")");
      } else if (operator.equals("=")) {
        wanted.add(read.apply(value()));
      } else {
        throw unknown(operator);
      }
      return issue -> held.apply(issue).stream().anyMatch(wanted::contains);
    }

    /** Whole minutes, in the caller's time zone. */
    private Predicate<Issue> time(String field, String operator, Function<Issue, Instant> held) {
      Instant wanted = instant(field, value()).truncatedTo(ChronoUnit.MINUTES);
      Function<Issue, Integer> order =
          issue -> held.apply(issue).truncatedTo(ChronoUnit.MINUTES).compareTo(wanted);
      return switch (operator) {
        case ">=" -> issue -> order.apply(issue) >= 0;
        case ">" -> issue -> order.apply(issue) > 0;
        case "<=" -> issue -> order.apply(issue) <= 0;
        case "<" -> issue -> order.apply(issue) < 0;
        default -> throw unknown(operator);
      };
    }

    private Instant instant(String field, String text) {
      Matcher ago = MINUTES_AGO.matcher(text);
      if (ago.matches()) {
        return now.minus(Long.parseLong(ago.group(1)), ChronoUnit.MINUTES);
      }
      try {
        return LocalDateTime.parse(text, MINUTE).atZone(caller.timeZone()).toInstant();
      } catch (DateTimeParseException e) {
        throw JiraException.badRequest(
            "Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy-MM-dd HH:mm', or a period format e.g. '-5m'."
                .formatted(text, field));
      }
    }

    private String project(String value) {
      return site.projects().stream()
          .filter(
              project ->
                  project.key().equalsIgnoreCase(value)
                      || project.name().equalsIgnoreCase(value)
                      || project.id().equals(value))
          .findFirst()
          .map(Project::id)
          .orElseThrow(() -> noValue(value, "project"));
    }

    private String issueType(String value) {
      return Site.named(site.issueTypes(), value)
          .map(NamedValue::id)
          .orElseThrow(() -> noValue(value, "issuetype"));
    }

    private static List<String> labels(Issue issue) {
      List<String> labels = new ArrayList<>();
      issue.get("labels").forEach(label -> labels.add(lower(label.asText())));
      return labels;
    }

    private String value() {
      String token = next("a value, list or function");
      if (isNext("(")) {
        throw unknown(token + "(");
      }
      boolean quoted = token.startsWith("\"") || token.startsWith("'");
      return quoted ? token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1") : token;
    }

    private String next(String wanted) {
      if (at == tokens.size() || Set.of("(", ")", ",").contains(tokens.get(at))) {
        throw unexpected(wanted);
      }
      return tokens.get(at++);
    }

    private boolean isNext(String keyword) {
      return at < tokens.size() && tokens.get(at).equalsIgnoreCase(keyword);
    }

    private boolean take(String keyword) {
      boolean there = isNext(keyword);
      at += there ? 1 : 0;
      return there;
    }

    private void expect(String keyword) {
      if (!take(keyword)) {
        throw unexpected("'" + keyword + "'");
      }
    }

    private JiraException unexpected(String wanted) {
      String got = at < tokens.size() ? "but got '" + tokens.get(at) + "'" : "before the end";
      return JiraException.badRequest(
          "Error in the JQL Query: Expecting " + wanted + " " + got + ".");
    }

    private static JiraException noValue(String value, String field) {
      return JiraException.badRequest(
          "The value '%s' does not exist for the field '%s'.".formatted(value, field));
    }

    private static JiraException unknown(String part) {
      return JiraException.badRequest("The simulator knows no '" + part + "' in JQL; see its Jql.");
    }

    private static String lower(String text) {
      return text.toLowerCase(Locale.ROOT);
    }
  }
}
