package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.jira.IssueChange.Item;
import dev.lockstep.sandbox.jira.IssueChange.Kind;
import dev.lockstep.sandbox.jira.Workflow.Transition;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where issues are and are changed, by people and by the API alike. One change at a time; listeners
 * hear of changes in the order they were made, before anybody else can make one.
 */
final class IssueStore {

  /** Hears of a change while the issue is as the change left it. */
  interface Listener {
    void changed(
        IssueChange change,
        Issue issue,
        Author by,
        @Nullable Comment comment,
        @Nullable IssueLink link);
  }

  private static final int LONGEST_PROPERTY = 32_768;
  private static final int LONGEST_KEY = 255;

  private final Site site;
  private final Clock clock;
  private final FieldRules rules;
  private final FieldDisplay display;
  private final SearchIndex index;
  private final List<Listener> listeners = new ArrayList<>();
  private final Map<String, Issue> byId = new LinkedHashMap<>();
  private final Set<String> withoutLinking = new HashSet<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<IssueChange> changes = new ArrayList<>();
  private int nextId = 10000;
  private int nextDetailId = 10000;

  IssueStore(Site site, Clock clock, SearchIndex index) {
    this.site = site;
    this.clock = clock;
    this.rules = new FieldRules(site);
    this.display = new FieldDisplay(site);
    this.index = index;
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

  /** A copy: whoever shows it need not keep others from changing it. */
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
        new IssueInput(given, List.of(), Json.NULL).checked(project, rules, this::onScreen);
    Map<String, JsonNode> properties = properties(input.properties());
    input.comments().forEach(IssueStore::check);
    Instant now = now();
    int number = numbers.merge(project.key(), 1, Integer::sum);
    Issue issue = new Issue(Integer.toString(nextId++), project, number, by.user(), now);
    issue.set("issuetype", Json.text(type.id()));
    issue.set("status", Json.text(statusId(project.workflow().first())));
    issue.set("priority", Json.text("3"));
    issue.set("reporter", Json.text(by.user().accountId()));
    values.forEach(issue::set);
    issue.properties.putAll(properties);
    byId.put(issue.id, issue);
    tell(Kind.CREATED, issue, by, now, List.of(), "", null);
    comments(by, issue, input.comments());
    return issue.copy();
  }

  synchronized void edit(Author by, String idOrKey, JsonNode body) {
    Issue issue = issue(idOrKey);
    IssueInput input = IssueInput.of(body, issue);
    Map<String, JsonNode> values =
        input.checked(issue.project, rules, field -> onScreen(field) && !field.equals("project"));
    Map<String, JsonNode> properties = properties(input.properties());
    input.comments().forEach(IssueStore::check);
    apply(Kind.EDITED, by, issue, values, "");
    properties.forEach((key, value) -> setProperty(by, issue.id, key, value));
    comments(by, issue, input.comments());
  }

  synchronized List<Transition> transitions(String idOrKey) {
    Issue issue = issue(idOrKey);
    String status = statusName(issue);
    return issue.project.workflow().transitions().stream()
        .filter(transition -> transition.openFrom(status))
        .toList();
  }

  synchronized void transition(Author by, String idOrKey, JsonNode body) {
    Issue issue = issue(idOrKey);
    Transition transition = chosen(issue, body.path("transition").path("id"));
    IssueInput input = IssueInput.of(body, issue);
    Map<String, JsonNode> values =
        input.checked(issue.project, rules, transition.screen()::contains);
    if (!input.comments().isEmpty() && !transition.screen().contains("comment")) {
      throw FieldRules.notOnScreen("comment");
    }
    input.comments().forEach(IssueStore::check);
    Map<String, String> missing = new TreeMap<>();
    for (String field : transition.required()) {
      JsonNode after = values.getOrDefault(field, issue.get(field));
      boolean there =
          field.equals("comment")
              ? !input.comments().isEmpty()
              : !after.isNull() && !(after.isArray() && after.isEmpty());
      if (!there) {
        missing.put(field, display.nameOf(field) + " is required.");
      }
    }
    if (!missing.isEmpty()) {
      throw JiraException.fields(missing);
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(values);
    WorkflowStatus to = site.statusNamed(transition.to()).orElseThrow();
    all.put("status", Json.text(to.id()));
    if (to.category() != WorkflowStatus.Category.DONE) {
      all.put("resolution", Json.NULL);
    } else if (transition.setsResolution() && issue.get("resolution").isNull()) {
      all.putIfAbsent("resolution", Json.text(Site.RESOLUTIONS.get(0).id()));
    }
    apply(Kind.TRANSITIONED, by, issue, all, transition.name());
    comments(by, issue, input.comments());
  }

  synchronized Comment comment(Author by, String idOrKey, JsonNode given) {
    Issue issue = issue(idOrKey);
    JsonNode body = FieldRules.comment(given.path("body"));
    Instant now = now();
    Comment comment =
        new Comment(
            Integer.toString(nextDetailId++),
            by.user(),
            now,
            by.user(),
            now,
            body,
            visibility(given),
            properties(given.path("properties")));
    issue.comments.add(comment);
    issue.updated = now;
    tell(Kind.COMMENTED, issue, by, now, List.of(), comment.id(), comment);
    return comment;
  }

  synchronized Comment editComment(Author by, String idOrKey, String id, JsonNode given) {
    Issue issue = issue(idOrKey);
    Comment old = commentOf(issue, id);
    Instant now = now();
    Map<String, JsonNode> properties = new HashMap<>(old.properties());
    properties.putAll(properties(given.path("properties")));
    Comment changed =
        new Comment(
            old.id(),
            old.author(),
            old.created(),
            by.user(),
            now,
            FieldRules.comment(given.path("body")),
            given.has("visibility") ? visibility(given) : old.visibility(),
            properties);
    issue.comments.set(issue.comments.indexOf(old), changed);
    issue.updated = now;
    tell(Kind.COMMENT_EDITED, issue, by, now, List.of(), id, changed);
    return changed;
  }

  synchronized void deleteComment(Author by, String idOrKey, String id) {
    Issue issue = issue(idOrKey);
    Comment comment = commentOf(issue, id);
    issue.comments.remove(comment);
    issue.updated = now();
    tell(Kind.COMMENT_DELETED, issue, by, issue.updated, List.of(), id, comment);
  }

  static Comment commentOf(Issue issue, String id) {
    return issue.comments.stream()
        .filter(comment -> comment.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> JiraException.notFound("Can not find a comment for the id: " + id + "."));
  }

  /** "If the link request duplicates a link, the response indicates that it was created". */
  synchronized void link(Author by, LinkType type, String inward, String outward) {
    requireLinking(by);
    Issue from = issue(inward);
    Issue to = issue(outward);
    if (from.id.equals(to.id)) {
      throw JiraException.badRequest("You cannot link an issue to itself.");
    }
    boolean known =
        from.links.stream()
            .anyMatch(
                link ->
                    link.type().equals(type)
                        && link.inward().equals(from.id)
                        && link.outward().equals(to.id));
    if (known) {
      return;
    }
    IssueLink link = new IssueLink(Integer.toString(nextDetailId++), type, from.id, to.id);
    from.links.add(link);
    to.links.add(link);
    linked(Kind.LINKED, by, from, to, link);
  }

  synchronized IssueLink linkOf(String id) {
    return byId.values().stream()
        .flatMap(issue -> issue.links.stream())
        .filter(link -> link.id().equals(id))
        .findFirst()
        .orElseThrow(() -> JiraException.notFound("No issue link with id '" + id + "' exists."));
  }

  synchronized IssueLink linkBetween(String type, String inward, String outward) {
    Issue from = issue(inward);
    Issue to = issue(outward);
    return from.links.stream()
        .filter(link -> link.type().name().equals(type))
        .filter(link -> link.inward().equals(from.id) && link.outward().equals(to.id))
        .findFirst()
        .orElseThrow(() -> JiraException.notFound("No such issue link exists."));
  }

  synchronized void unlink(Author by, String id) {
    requireLinking(by);
    IssueLink link = linkOf(id);
    Issue from = issue(link.inward());
    Issue to = issue(link.outward());
    from.links.remove(link);
    to.links.remove(link);
    linked(Kind.UNLINKED, by, from, to, link);
  }

  synchronized void forbidLinking(JiraUser user) {
    withoutLinking.add(user.accountId());
  }

  /** "404: the user does not have link issues project permission". */
  private void requireLinking(Author by) {
    if (withoutLinking.contains(by.user().accountId())) {
      throw JiraException.notFound("No Link Issue Permission for issue");
    }
  }

  private void linked(Kind kind, Author by, Issue from, Issue to, IssueLink link) {
    Instant now = now();
    for (Issue issue : List.of(from, to)) {
      Issue other = issue == from ? to : from;
      String words = issue == from ? link.type().outward() : link.type().inward();
      String text = "This issue " + words + " " + other.key();
      boolean made = kind == Kind.LINKED;
      Item item =
          new Item(
              "Link",
              "issuelinks",
              false,
              made ? null : other.key(),
              made ? null : text,
              made ? other.key() : null,
              made ? text : null);
      issue.updated = now;
      remember(issue, by, now, List.of(item));
      index.put(issue, now);
    }
    tell(kind, from, by, now, List.of(), link.id(), null, link);
  }

  /** True if it is a new one; the same {@code globalId} names the same one. */
  synchronized boolean remoteLink(Author by, String idOrKey, ObjectNode given, int[] idOut) {
    Issue issue = issue(idOrKey);
    JsonNode global = given.path("globalId");
    Integer known =
        global.isTextual()
            ? issue.remoteLinks.entrySet().stream()
                .filter(link -> link.getValue().path("globalId").equals(global))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null)
            : null;
    int id = known == null ? nextDetailId++ : known;
    issue.remoteLinks.put(id, given.deepCopy());
    idOut[0] = id;
    issue.updated = now();
    String title = given.path("object").path("title").asText();
    tell(Kind.REMOTE_LINKED, issue, by, issue.updated, List.of(), title, null);
    return known == null;
  }

  synchronized void deleteRemoteLink(Author by, String idOrKey, int id) {
    Issue issue = issue(idOrKey);
    if (issue.remoteLinks.remove(id) == null) {
      throw JiraException.notFound("Remote issue link with id '" + id + "' does not exist.");
    }
    issue.updated = now();
    tell(Kind.REMOTE_UNLINKED, issue, by, issue.updated, List.of(), Integer.toString(id), null);
  }

  /** True if it is a new one. A property is no field: {@code updated} stays as it is. */
  synchronized boolean setProperty(Author by, String idOrKey, String key, JsonNode value) {
    Issue issue = issue(idOrKey);
    if (key.length() > LONGEST_KEY) {
      throw JiraException.badRequest("The property key cannot be longer than 255 characters.");
    }
    if (value.toString().length() > LONGEST_PROPERTY) {
      throw JiraException.badRequest("The property value cannot be longer than 32768 characters.");
    }
    boolean added = issue.properties.put(key, value) == null;
    tell(Kind.PROPERTY_SET, issue, by, now(), List.of(), key, null);
    return added;
  }

  synchronized void deleteProperty(Author by, String idOrKey, String key) {
    Issue issue = issue(idOrKey);
    if (issue.properties.remove(key) == null) {
      throw JiraException.notFound("The property with key '" + key + "' does not exist.");
    }
    tell(Kind.PROPERTY_DELETED, issue, by, now(), List.of(), key, null);
  }

  synchronized void delete(Author by, String idOrKey) {
    Issue issue = issue(idOrKey);
    issue.deleted = true;
    byId.remove(issue.id);
    tell(Kind.DELETED, issue, by, now(), List.of(), "", null);
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
    tell(kind, issue, by, now, items, detail, null);
  }

  private void remember(Issue issue, Author by, Instant at, List<Item> items) {
    if (!items.isEmpty()) {
      String id = Integer.toString(nextDetailId++);
      issue.histories.add(new Issue.History(id, by.user(), at, List.copyOf(items)));
    }
  }

  private void tell(
      Kind kind,
      Issue issue,
      Author by,
      Instant at,
      List<Item> items,
      String detail,
      @Nullable Comment comment) {
    tell(kind, issue, by, at, items, detail, comment, null);
  }

  private void tell(
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
    given.forEach(comment -> comment(by, issue.id, comment));
  }

  private Transition chosen(Issue issue, JsonNode id) {
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw JiraException.badRequest("Missing 'transition' identifier");
    }
    Transition transition =
        issue.project.workflow().transitions().stream()
            .filter(each -> each.id().equals(id.asText()))
            .findFirst()
            .orElseThrow(
                () ->
                    JiraException.badRequest(
                        "Transition id '" + id.asText() + "' is not valid for this issue."));
    if (!transition.openFrom(statusName(issue))) {
      throw JiraException.badRequest(
          "It seems that you have tried to perform a workflow operation (%s) that is not valid for the current state of this issue (%s). The likely cause is that somebody has changed the issue recently, please look at the issue history for details."
              .formatted(transition.name(), issue.key()));
    }
    return transition;
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

  private boolean onScreen(String field) {
    return FieldRules.SYSTEM.contains(field) || site.customField(field).isPresent();
  }

  /** Refuses a comment before anything else is done that would have to be undone. */
  static void check(JsonNode comment) {
    FieldRules.comment(comment.path("body"));
    visibility(comment);
    properties(comment.path("properties"));
  }

  private static JsonNode visibility(JsonNode given) {
    JsonNode visibility = given.path("visibility");
    if (visibility.isMissingNode() || visibility.isNull()) {
      return Json.NULL;
    }
    boolean named = visibility.hasNonNull("value") || visibility.hasNonNull("identifier");
    if (!Set.of("group", "role").contains(visibility.path("type").asText()) || !named) {
      throw JiraException.field("commentLevel", "The visibility of the comment is invalid.");
    }
    return visibility;
  }

  private static Map<String, JsonNode> properties(JsonNode given) {
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    for (JsonNode property : given) {
      if (!property.path("key").isTextual() || !property.has("value")) {
        throw JiraException.badRequest("Entity property must have a key and a value.");
      }
      properties.put(property.path("key").textValue(), property.path("value"));
    }
    return properties;
  }

  private String statusName(Issue issue) {
    return site.status(issue.text("status")).name();
  }

  private String statusId(String name) {
    return site.statusNamed(name).orElseThrow().id();
  }

  private Issue issue(String idOrKey) {
    return find(idOrKey).orElseThrow(JiraException::noIssue);
  }

  private Optional<Issue> find(String idOrKey) {
    Issue issue = byId.get(idOrKey);
    if (issue != null) {
      return Optional.of(issue);
    }
    return byId.values().stream().filter(each -> each.key().equalsIgnoreCase(idOrKey)).findFirst();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
