package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.jira.JqlClause.And;
import dev.lockstep.sandbox.jira.JqlClause.Comparison;
import dev.lockstep.sandbox.jira.JqlClause.Or;
import dev.lockstep.sandbox.jira.JqlClause.Value;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds out which issues a JQL clause means, and refuses what makes no sense, as Jira does. */
final class Jql {

  private static final Pattern CUSTOM = Pattern.compile("cf\\[(\\d+)]");
  private static final Pattern PROPERTY =
      Pattern.compile("issue\\.property\\[([^]]+)](?:\\.(.+))?");
  private static final Set<String> LISTS = Set.of("=", "!=", "in", "not in", "is", "is not");
  private static final Set<String> TEXTS = Set.of("~", "!~", "is", "is not");
  private static final Set<String> RANGES =
      Set.of("=", "!=", "in", "not in", "is", "is not", ">", ">=", "<", "<=");
  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("type", "issuetype"),
          Map.entry("issuekey", "key"),
          Map.entry("id", "key"),
          Map.entry("issue", "key"),
          Map.entry("createddate", "created"),
          Map.entry("updateddate", "updated"),
          Map.entry("due", "duedate"),
          Map.entry("resolved", "resolutiondate"));

  private final Site site;
  private final User caller;
  private final JqlTimes times;
  private final Predicate<String> keyExists;

  Jql(Site site, User caller, Instant now, Predicate<String> keyExists) {
    this.site = site;
    this.caller = caller;
    this.times = new JqlTimes(caller.timeZone(), now);
    this.keyExists = keyExists;
  }

  Predicate<Issue> meaning(@Nullable JqlClause clause) {
    if (clause == null) {
      return issue -> true;
    }
    if (clause instanceof And and) {
      return and.parts().stream().map(this::meaning).reduce(issue -> true, Predicate::and);
    }
    if (clause instanceof Or or) {
      return or.parts().stream().map(this::meaning).reduce(issue -> false, Predicate::or);
    }
    return comparison((Comparison) clause);
  }

  /** The name that a field is known by, for {@code ORDER BY} too. */
  String fieldOf(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String known = ALIASES.getOrDefault(lower, lower);
    if (Set.of(
                "project",
                "issuetype",
                "status",
                "statuscategory",
                "priority",
                "resolution",
                "labels",
                "assignee",
                "reporter",
                "creator",
                "key",
                "created",
                "updated",
                "duedate",
                "resolutiondate",
                "summary",
                "description",
                "environment",
                "comment",
                "text")
            .contains(known)
        || PROPERTY.matcher(name).matches()) {
      return PROPERTY.matcher(name).matches() ? name : known;
    }
    return customField(name).map(CustomField::id).orElseThrow(() -> noField(name));
  }

  private static JiraError noField(String name) {
    return JiraError.badRequest(
        "Field '" + name + "' does not exist or you do not have permission to view it.");
  }

  private Optional<CustomField> customField(String name) {
    Matcher byNumber = CUSTOM.matcher(name.toLowerCase(Locale.ROOT));
    if (byNumber.matches()) {
      return site.customField("customfield_" + byNumber.group(1));
    }
    return site.customFields().values().stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .findFirst();
  }

  private Predicate<Issue> comparison(Comparison asked) {
    String field = fieldOf(asked.field());
    if (PROPERTY.matcher(field).matches()) {
      return property(asked, field);
    }
    return switch (field) {
      case "project" -> oneOf(asked, this::project, issue -> List.of(issue.project.id()));
      case "issuetype" -> oneOf(asked, v -> named(asked, site.issueTypes(), v), ids(field));
      case "status" -> oneOf(asked, v -> status(asked, v), ids(field));
      case "statuscategory" -> oneOf(asked, v -> category(asked, v), this::categoryOf);
      case "priority" -> priority(asked);
      case "resolution" -> oneOf(asked, v -> resolution(asked, v), ids(field));
      case "labels" -> oneOf(asked, Value::text, Jql::labels);
      case "assignee", "reporter" -> oneOf(asked, v -> user(asked, v), ids(field));
      case "creator" ->
          oneOf(asked, v -> user(asked, v), issue -> List.of(issue.creator.accountId()));
      case "key" -> key(asked);
      case "created" -> time(asked, issue -> issue.created);
      case "updated" -> time(asked, issue -> issue.updated);
      case "resolutiondate" ->
          time(asked, issue -> issue.get(field).isNull() ? null : instant(issue.text(field)));
      case "summary" -> text(asked, issue -> issue.text(field));
      case "description", "environment" -> text(asked, issue -> AdfText.plain(issue.get(field)));
      case "comment" -> text(asked, Jql::commentsOf);
      case "text" ->
          text(
              asked,
              issue ->
                  String.join(
                      " ",
                      issue.text("summary"),
                      AdfText.plain(issue.get("description")),
                      commentsOf(issue)));
      default -> custom(asked, field);
    };
  }

  private Predicate<Issue> custom(Comparison asked, String id) {
    if (id.equals("duedate")) {
      return day(asked, id);
    }
    CustomField field = site.customField(id).orElseThrow(() -> noField(asked.field()));
    return switch (field.type()) {
      case TEXT -> text(asked, issue -> issue.text(id));
      case TEXTAREA -> text(asked, issue -> AdfText.plain(issue.get(id)));
      case EXACT_TEXT -> oneOf(asked, Value::text, ids(id));
      case SELECT -> oneOf(asked, v -> named(asked, field.options(), v), ids(id));
      case DATE -> day(asked, id);
      case NUMBER -> {
        allow(asked, RANGES);
        yield ordered(asked, issue -> number(issue.get(id)), v -> number(asked, v));
      }
    };
  }

  /** A property can be asked for only where an app registered it for searching. */
  private Predicate<Issue> property(Comparison asked, String field) {
    Matcher name = PROPERTY.matcher(field);
    if (!name.matches()) {
      throw noField(field);
    }
    String key = name.group(1);
    String path = name.group(2) == null ? "" : name.group(2);
    if (!site.isIndexed(key, path)) {
      throw noField(field);
    }
    return oneOf(
        asked,
        Value::text,
        issue -> {
          JsonNode value = issue.properties.getOrDefault(key, Json.NULL);
          for (String step : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
            value = value.path(step);
          }
          return value.isValueNode() && !value.isNull() ? List.of(value.asText()) : List.of();
        });
  }

  private static Predicate<Issue> oneOf(
      Comparison asked, Function<Value, String> read, Function<Issue, List<String>> held) {
    allow(asked, LISTS);
    List<String> wanted = new ArrayList<>();
    boolean emptyToo = false;
    for (Value value : asked.values()) {
      if (value.empty()) {
        emptyToo = true;
      } else if (asked.operator().startsWith("is")) {
        throw JiraError.badRequest(
            "The operator '%s' must be used with EMPTY or NULL for the field '%s'."
                .formatted(asked.operator(), asked.field()));
      } else {
        wanted.add(read.apply(value).toLowerCase(Locale.ROOT));
      }
    }
    boolean empty = emptyToo;
    return switch (asked.operator()) {
      case "=", "in", "is" ->
          issue -> {
            List<String> values = held.apply(issue);
            return values.isEmpty() ? empty : values.stream().anyMatch(v -> in(wanted, v));
          };
      // What has no value is not found by != either.
      default ->
          issue -> {
            List<String> values = held.apply(issue);
            return !values.isEmpty() && values.stream().noneMatch(v -> in(wanted, v));
          };
    };
  }

  private static boolean in(List<String> wanted, String value) {
    return wanted.contains(value.toLowerCase(Locale.ROOT));
  }

  private Predicate<Issue> text(Comparison asked, Function<Issue, String> held) {
    allow(asked, TEXTS);
    Value value = asked.values().get(0);
    if (asked.operator().startsWith("is")) {
      boolean wantsNone = asked.operator().equals("is");
      return issue -> held.apply(issue).isEmpty() == wantsNone;
    }
    WordSearch search = new WordSearch(value.text());
    boolean wants = asked.operator().equals("~");
    return issue -> {
      String text = held.apply(issue);
      return wants ? search.finds(text) : !text.isEmpty() && !search.finds(text);
    };
  }

  private Predicate<Issue> time(Comparison asked, Function<Issue, @Nullable Instant> held) {
    allow(asked, RANGES);
    return ordered(
        asked,
        issue -> {
          Instant at = held.apply(issue);
          return at == null ? null : JqlTimes.minute(at);
        },
        value -> JqlTimes.minute(times.read(asked.field(), value)));
  }

  private Predicate<Issue> day(Comparison asked, String field) {
    allow(asked, RANGES);
    return ordered(
        asked,
        issue -> issue.get(field).isNull() ? null : LocalDate.parse(issue.text(field)),
        value -> LocalDate.ofInstant(times.read(asked.field(), value), caller.timeZone()));
  }

  /** Highest is more than Low. */
  private Predicate<Issue> priority(Comparison asked) {
    allow(asked, RANGES);
    return ordered(
        asked,
        issue -> issue.get("priority").isNull() ? null : -Integer.parseInt(issue.text("priority")),
        value -> -Integer.parseInt(named(asked, Site.PRIORITIES, value)));
  }

  private Predicate<Issue> key(Comparison asked) {
    allow(asked, RANGES);
    for (Value value : asked.values()) {
      if (!value.empty() && !keyExists.test(value.text())) {
        throw JiraError.badRequest(
            value.text().matches("\\d+")
                ? "An issue with id '%s' does not exist or you do not have permission to view it."
                    .formatted(value.text())
                : "An issue with key '%s' does not exist for field '%s'."
                    .formatted(value.text(), asked.field()));
      }
    }
    if (asked.operator().contains("<") || asked.operator().contains(">")) {
      String project = asked.values().get(0).text().replaceAll("-\\d+$", "");
      return issue ->
          issue.project.key().equalsIgnoreCase(project)
              && ordered(asked, i -> i.number, v -> numberOfKey(v.text())).test(issue);
    }
    boolean wants = asked.operator().equals("=") || asked.operator().equals("in");
    return issue ->
        wants
            == asked.values().stream()
                .anyMatch(v -> v.text().equals(issue.id) || v.text().equalsIgnoreCase(issue.key()));
  }

  private static <T extends Comparable<? super T>> Predicate<Issue> ordered(
      Comparison asked, Function<Issue, @Nullable T> held, Function<Value, T> read) {
    if (asked.values().get(0).empty()) {
      boolean none = asked.operator().equals("is") || asked.operator().equals("=");
      return issue -> (held.apply(issue) == null) == none;
    }
    List<T> wanted = asked.values().stream().map(read).toList();
    T first = wanted.get(0);
    return issue -> {
      T value = held.apply(issue);
      if (value == null) {
        return false;
      }
      int order = value.compareTo(first);
      return switch (asked.operator()) {
        case ">" -> order > 0;
        case ">=" -> order >= 0;
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case "!=", "not in" -> !wanted.contains(value);
        default -> wanted.contains(value);
      };
    };
  }

  private static void allow(Comparison asked, Set<String> operators) {
    if (!operators.contains(asked.operator())) {
      throw JiraError.badRequest(
          "The operator '%s' is not supported by the '%s' field."
              .formatted(asked.operator(), asked.field()));
    }
  }

  private String project(Value value) {
    return site.projects().stream()
        .filter(
            project ->
                project.key().equalsIgnoreCase(value.text())
                    || project.name().equalsIgnoreCase(value.text())
                    || project.id().equals(value.text()))
        .findFirst()
        .map(Project::id)
        .orElseThrow(() -> noValue(value, "project"));
  }

  private String status(Comparison asked, Value value) {
    return site.statuses().stream()
        .filter(s -> s.name().equalsIgnoreCase(value.text()) || s.id().equals(value.text()))
        .findFirst()
        .map(Status::id)
        .orElseThrow(() -> noValue(value, asked.field()));
  }

  private String category(Comparison asked, Value value) {
    for (Status.Category category : Status.Category.values()) {
      if (List.of(category.label().toLowerCase(Locale.ROOT), category.key(), "" + category.id())
          .contains(value.lower())) {
        return category.key();
      }
    }
    throw noValue(value, asked.field());
  }

  private List<String> categoryOf(Issue issue) {
    return List.of(site.status(issue.text("status")).category().key());
  }

  private static String resolution(Comparison asked, Value value) {
    return value.lower().equals("unresolved") ? "" : named(asked, Site.RESOLUTIONS, value);
  }

  private String user(Comparison asked, Value value) {
    if (value.function()) {
      if (value.text().equals("currentuser()")) {
        return caller.accountId();
      }
      throw JqlTimes.noFunction(value.text());
    }
    return site.users().stream()
        .filter(
            user ->
                user.accountId().equals(value.text())
                    || (user.emailVisible() && user.email().equalsIgnoreCase(value.text()))
                    || user.displayName().equalsIgnoreCase(value.text()))
        .findFirst()
        .map(User::accountId)
        .orElseThrow(() -> noValue(value, asked.field()));
  }

  private static String named(Comparison asked, List<Named> all, Value value) {
    return Site.named(all, value.text())
        .map(Named::id)
        .orElseThrow(() -> noValue(value, asked.field()));
  }

  private static JiraError noValue(Value value, String field) {
    return JiraError.badRequest(
        "The value '%s' does not exist for the field '%s'.".formatted(value.text(), field));
  }

  private static Function<Issue, List<String>> ids(String field) {
    if (field.equals("resolution")) {
      // Unresolved is a value that can be asked for.
      return issue -> List.of(issue.text(field));
    }
    return issue -> issue.get(field).isNull() ? List.of() : List.of(issue.text(field));
  }

  private static List<String> labels(Issue issue) {
    List<String> labels = new ArrayList<>();
    issue.get("labels").forEach(label -> labels.add(label.asText()));
    return labels;
  }

  private static String commentsOf(Issue issue) {
    return String.join(" ", issue.comments.stream().map(Comment::text).toList());
  }

  private static Instant instant(String time) {
    return OffsetDateTime.parse(time.replaceAll("(\\d{2})(\\d{2})$", "$1:$2")).toInstant();
  }

  private static @Nullable Double number(JsonNode value) {
    return value.isNull() ? null : Double.valueOf(value.asDouble());
  }

  private static Double number(Comparison asked, Value value) {
    try {
      return Double.valueOf(value.text());
    } catch (NumberFormatException e) {
      throw JiraError.badRequest(
          "Value '%s' is invalid for the '%s' custom field."
              .formatted(value.text(), asked.field()));
    }
  }

  private static Integer numberOfKey(String key) {
    return Integer.valueOf(key.replaceAll("^.*-", ""));
  }
}
