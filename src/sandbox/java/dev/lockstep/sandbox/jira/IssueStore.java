package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.jira.IssueChange.Item;
import dev.lockstep.sandbox.jira.IssueChange.Kind;
import dev.lockstep.sandbox.jira.Workflow.Transition;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stores and changes issues, for people and the API alike. One change at a time; listeners receive
 * changes in the order they were made, before anybody else can make one.
 */
final class IssueStore {

  /** Receives each change while the issue is as the change left it. */
  interface Listener {
    void changed(
        IssueChange change,
        Issue issue,
        Author by,
        @Nullable Comment comment,
        @Nullable IssueLink link);
  }

  private final Site site;
  private final Clock clock;
  private final FieldRules rules;
  private final FieldDisplay display;
  private final TransitionRules transitions;
  private final SearchIndex index;
  private final List<Listener> listeners = new ArrayList<>();
  private final Map<String, Issue> byId = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<IssueChange> changes = new ArrayList<>();
  private final IssueComments comments = new IssueComments(this);
  private final IssueLinks links = new IssueLinks(this);
  private final IssueProperties properties = new IssueProperties(this);
  private int nextId = 10000;
  private int nextDetailId = 10000;

  IssueStore(Site site, Clock clock, SearchIndex index) {
    this.site = site;
    this.clock = clock;
    this.rules = new FieldRules(site);
    this.display = new FieldDisplay(site);
    this.transitions = new TransitionRules(site, rules, display);
    this.index = index;
  }

  IssueComments comments() {
    return comments;
  }

  IssueLinks links() {
    return links;
  }

  IssueProperties properties() {
    return properties;
  }

  synchronized void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Reads an issue while nobody changes it; a key's case does not matter. */
  synchronized <T> T read(String idOrKey, Function<Issue, T> how) {
    return how.apply(issue(idOrKey));
  }

  synchronized boolean exists(String idOrKey) {
    return find(idOrKey).isPresent();
  }

  synchronized List<Issue> all() {
    return byId.values().stream().map(Issue::copy).toList();
  }

  synchronized List<IssueChange> changes() {
    return List.copyOf(changes);
  }

  /** A copy, so that showing it does not block changes. */
  synchronized @Nullable Issue byId(String id) {
    Issue issue = byId.get(id);
    return issue == null ? null : issue.copy();
  }

  synchronized Issue create(Author by, JsonNode body) {
    IssueInput input = IssueInput.of(body, null);
    Project project = project(input.fields());
    NamedValue type = issueType(project, input.fields());
    Map<String, JsonNode> given = new LinkedHashMap<>(input.fields());
    given.remove("project");
    given.remove("issuetype");
    given.putIfAbsent("summary", Json.NULL);
    Map<String, JsonNode> values =
        new IssueInput(given, List.of(), Json.NULL)
            .checked(project, rules, site.screens()::isOnCreate);
    site.screens().requireFilled(values, display);
    Map<String, JsonNode> newProperties = IssueProperties.parse(input.properties());
    input.comments().forEach(IssueComments::check);
    Instant now = now();
    int number = numbers.merge(project.key(), 1, Integer::sum);
    Issue issue = new Issue(Integer.toString(nextId++), project, number, by.user(), now);
    issue.set("issuetype", Json.text(type.id()));
    issue.set("status", Json.text(statusId(project.workflow().first())));
    issue.set("priority", Json.text("3"));
    issue.set("reporter", Json.text(by.user().accountId()));
    values.forEach(issue::set);
    issue.properties.putAll(newProperties);
    byId.put(issue.id, issue);
    report(Kind.CREATED, issue, by, now, "");
    comments(by, issue, input.comments());
    return issue.copy();
  }

  synchronized void edit(Author by, String idOrKey, JsonNode body) {
    Issue issue = issue(idOrKey);
    IssueInput input = IssueInput.of(body, issue);
    Map<String, JsonNode> values = input.checked(issue.project, rules, site.screens()::isOnEdit);
    Map<String, JsonNode> newProperties = IssueProperties.parse(input.properties());
    input.comments().forEach(IssueComments::check);
    apply(Kind.EDITED, by, issue, values, "");
    newProperties.forEach((key, value) -> properties.set(by, issue.id, key, value));
    comments(by, issue, input.comments());
  }

  synchronized List<Transition> transitions(String idOrKey) {
    return transitions.open(issue(idOrKey));
  }

  synchronized void transition(Author by, String idOrKey, JsonNode body) {
    Issue issue = issue(idOrKey);
    Transition transition = transitions.chosen(issue, body.path("transition").path("id"));
    IssueInput input = IssueInput.of(body, issue);
    apply(
        Kind.TRANSITIONED,
        by,
        issue,
        transitions.values(issue, transition, input),
        transition.name());
    comments(by, issue, input.comments());
  }

  synchronized void delete(Author by, String idOrKey) {
    Issue issue = issue(idOrKey);
    issue.deleted = true;
    byId.remove(issue.id);
    report(Kind.DELETED, issue, by, now(), "");
  }

  private void apply(
      Kind kind, Author by, Issue issue, Map<String, JsonNode> values, String detail) {
    Instant now = now();
    Map<String, JsonNode> all = new LinkedHashMap<>(values);
    JsonNode resolution = all.getOrDefault("resolution", issue.get("resolution"));
    if (!resolution.equals(issue.get("resolution"))) {
      all.put("resolutiondate", resolution.isNull() ? Json.NULL : Json.text(IssueJson.time(now)));
    }
    List<Item> items = new ArrayList<>();
    all.forEach(
        (field, value) -> {
          JsonNode before = issue.get(field);
          boolean none = value.isNull() || (value.isArray() && value.isEmpty());
          boolean wasNone = before.isNull() || (before.isArray() && before.isEmpty());
          if (!value.equals(before) && !(none && wasNone)) {
            items.add(display.item(field, before, value));
            issue.set(field, value);
          }
        });
    // Whether a write that changes nothing counts is not documented; here it leaves no trace,
    // but for a transition to the same status, which was made all the same.
    if (items.isEmpty() && kind == Kind.EDITED) {
      return;
    }
    if (kind == Kind.TRANSITIONED) {
      issue.set("statuscategorychangedate", Json.text(IssueJson.time(now)));
    }
    issue.updated = now;
    remember(issue, by, now, items);
    report(kind, issue, by, now, items, detail, null, null);
  }

  /** Adds to the history of an issue; the caller holds this store's monitor. */
  void remember(Issue issue, Author by, Instant at, List<Item> items) {
    if (!items.isEmpty()) {
      String id = nextDetailId();
      issue.histories.add(new Issue.History(id, by.user(), at, List.copyOf(items)));
    }
  }

  /** As the longer one, for a change without items, comment or link. */
  void report(Kind kind, Issue issue, Author by, Instant at, String detail) {
    report(kind, issue, by, at, List.of(), detail, null, null);
  }

  /** Tells the listeners; the caller holds this store's monitor. */
  void report(
      Kind kind,
      Issue issue,
      Author by,
      Instant at,
      List<Item> items,
      String detail,
      @Nullable Comment comment,
      @Nullable IssueLink link) {
    index.put(issue, at);
    IssueChange change =
        new IssueChange(
            kind, issue.key(), by.user().email(), by.overHttp(), at, List.copyOf(items), detail);
    changes.add(change);
    listeners.forEach(listener -> listener.changed(change, issue, by, comment, link));
  }

  private void comments(Author by, Issue issue, List<JsonNode> given) {
    given.forEach(comment -> comments.add(by, issue.id, comment));
  }

  private Project project(Map<String, JsonNode> fields) {
    JsonNode given = fields.getOrDefault("project", Json.NULL);
    String wanted = given.has("id") ? given.path("id").asText() : given.path("key").asText();
    return site.project(wanted)
        .orElseThrow(() -> JiraException.field("project", "Specify a valid project ID or key"));
  }

  private NamedValue issueType(Project project, Map<String, JsonNode> fields) {
    JsonNode given = fields.getOrDefault("issuetype", Json.NULL);
    if (given.isNull()) {
      throw JiraException.field("issuetype", "Specify an issue type");
    }
    String id = rules.value(project, "issuetype", given).asText();
    return Site.named(project.issueTypes(), id).orElseThrow();
  }

  private String statusId(String name) {
    return site.statusNamed(name).orElseThrow().id();
  }

  /** The caller holds this store's monitor. */
  Issue issue(String idOrKey) {
    return find(idOrKey).orElseThrow(JiraException::noIssue);
  }

  private Optional<Issue> find(String idOrKey) {
    Issue issue = byId.get(idOrKey);
    if (issue != null) {
      return Optional.of(issue);
    }
    return byId.values().stream().filter(each -> each.key().equalsIgnoreCase(idOrKey)).findFirst();
  }

  String nextDetailId() {
    return Integer.toString(nextDetailId++);
  }

  /** All issues; the caller holds this store's monitor. */
  Stream<Issue> issues() {
    return byId.values().stream();
  }

  void index(Issue issue, Instant at) {
    index.put(issue, at);
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
