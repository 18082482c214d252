package dev.lockstep.sandbox.jira;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.Json;
import dev.lockstep.sandbox.http.RateLimit;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A Jira Cloud site on this machine: REST API v3 on a loopback port, webhooks, and people who work
 * in it. Everything happens in memory and is gone after {@link #close()}. Thread-safe.
 *
 * <p>Written from Atlassian's OpenAPI document and developer documentation; {@code
 * docs/sandbox-jira.md} says which fact comes from where, and what is not simulated.
 */
public final class JiraSimulator implements AutoCloseable {

  /** The default issue types of a project. */
  public static final List<String> ISSUE_TYPES =
      List.of("Task", "Bug", "Story", "Incident", "[System] Incident", "Change");

  private final JiraOptions options;
  private final Site site = new Site();
  private final IssueStore store;
  private final Webhooks webhooks;
  private final Search search;
  private final CallCounters calls = new CallCounters("");
  private final ApiServer<Author> server;
  private final IssueJson json;
  private final WebhookJson webhookJson;
  private final List<Consumer<IssueChange>> listeners = new CopyOnWriteArrayList<>();
  private final JiraUser admin;

  private JiraSimulator(JiraOptions options) {
    this.options = options;
    SearchIndex index = new SearchIndex(options.searchLag);
    this.store = new IssueStore(site, options.clock, index);
    this.webhooks = new Webhooks(options, this::requireFilter);
    // A site is known under its own address, whatever port the simulator happens to have.
    String base = "https://sandbox.atlassian.net";
    this.json = new IssueJson(site, base, 3, store::byId);
    this.webhookJson = new WebhookJson(new IssueJson(site, base, 2, store::byId));
    this.search = new Search(site, index, options, json);
    this.admin = user("Site Administrator", "admin@example.com");
    if (site.userByEmail(options.email).isEmpty()) {
      user("Integration", options.email);
    }
    store.listen(this::changed);
    JiraApi api = new JiraApi(options, site);
    RateLimit limit =
        new RateLimit(options.clock, options.requestsPerMinute, JiraApi.ANNOUNCED_LIMIT);
    this.server =
        new ApiServer<>(options.served(limit), api, api.router(store, search, json), calls);
  }

  private void requireFilter(String jql) {
    search.require(jql, admin);
  }

  /** Starts with the API's account, an administrator, and no project. */
  public static JiraSimulator start(JiraOptions options) {
    return new JiraSimulator(options);
  }

  /**
   * The address to use instead of {@code https://your-domain.atlassian.net}; no slash at the end.
   */
  public String url() {
    return server.url();
  }

  public int port() {
    return server.port();
  }

  public Faults faults() {
    return options.faults;
  }

  /** Adds a user in UTC, whose address others may see. */
  public JiraUser user(String name, String email) {
    return user(name, email, ZoneOffset.UTC);
  }

  /** Adds a user, who reads and writes times of JQL in that zone. */
  public JiraUser user(String name, String email, ZoneId zone) {
    return site.addUser(name, email, zone);
  }

  /** Hides a user's address, as a profile's privacy setting does. */
  public JiraUser hideEmail(String email) {
    return change(email, u -> u.with(false, u.active(), u.assignable()));
  }

  /** Takes a user's access away: no login, no assignments, no finding but by id. */
  public JiraUser deactivate(String email) {
    return change(email, u -> u.with(u.emailVisible(), false, u.assignable()));
  }

  /** Lets a user work without being given issues. */
  public JiraUser makeUnassignable(String email) {
    return change(email, u -> u.with(u.emailVisible(), u.active(), false));
  }

  /**
   * Takes a permission from somebody, such as {@code EDIT_ISSUES}: it is not among theirs any more.
   * Calls that need it are still carried out.
   */
  public void takePermission(String email, String permission) {
    site.take(site.userByEmail(email).orElseThrow(), permission);
  }

  /** Takes the permission to link issues from somebody. */
  public void forbidLinking(String email) {
    takePermission(email, "LINK_ISSUES");
    store.links().forbidLinking(site.userByEmail(email).orElseThrow());
  }

  /** Adds a component to a project; returns its id. */
  public String component(String project, String name) {
    return site.addComponent(site.project(project).orElseThrow(), name).id();
  }

  /** Adds a project with {@link #ISSUE_TYPES}. */
  public Project project(String key, String name, Workflow workflow) {
    return site.addProject(key, name, false, workflow, ISSUE_TYPES);
  }

  public Project project(String key, String name, Workflow workflow, List<String> issueTypes) {
    return site.addProject(key, name, false, workflow, issueTypes);
  }

  /** Adds a project of Jira Service Management. */
  public Project serviceProject(String key, String name, Workflow workflow) {
    return site.addProject(key, name, true, workflow, ISSUE_TYPES);
  }

  /**
   * Adds a custom field to all screens.
   *
   * @param id such as {@code customfield_10050}
   * @param options of a select list
   */
  public CustomField customField(String id, String name, CustomField.Type type, String... options) {
    return site.addCustomField(id, name, type, List.of(options));
  }

  public Optional<JiraUser> findUser(String email) {
    return site.userByEmail(email);
  }

  /**
   * Acts as this user, with webhooks but without API calls.
   *
   * @param who an e-mail address, what stands before its {@code @}, or a name
   */
  public JiraPerson as(String who) {
    JiraUser user =
        site.users().stream()
            .filter(
                each ->
                    each.email().equalsIgnoreCase(who)
                        || each.email().split("@", 2)[0].equalsIgnoreCase(who)
                        || each.displayName().equalsIgnoreCase(who))
            .findFirst()
            .orElseThrow(() -> JiraException.notFound("There is no user " + who));
    return new JiraPerson(store, site, user);
  }

  /** The issue as the API shows it, all fields. */
  public JsonNode issue(String key) {
    return store.read(key, issue -> json.issue(issue, List.of("*all")));
  }

  public boolean exists(String key) {
    return store.exists(key);
  }

  /** The keys of all issues that are there, oldest first. */
  public List<String> issues() {
    return store.all().stream().map(Issue::key).toList();
  }

  /** The name of the status it has. */
  public String status(String key) {
    return issue(key).at("/fields/status/name").asText();
  }

  /** The description without its format; empty if there is none. */
  public String description(String key) {
    return store.read(key, issue -> AdfText.plain(issue.get("description")));
  }

  /** Oldest first. */
  public List<Comment> comments(String key) {
    return store.read(key, issue -> List.copyOf(issue.comments));
  }

  /** The value, or null JSON. */
  public JsonNode property(String issue, String key) {
    return store.read(issue, each -> each.properties.getOrDefault(key, Json.NULL));
  }

  /** Remote links as they were written, oldest first. */
  public List<JsonNode> remoteLinks(String key) {
    return store.read(key, issue -> List.copyOf(issue.remoteLinks.values()));
  }

  /** Who did what to an issue and when, oldest first; of a deleted one too. */
  public List<IssueChange> history(String key) {
    return store.changes().stream().filter(change -> change.issue().equals(key)).toList();
  }

  /** What this user did to all issues, oldest first. */
  public List<IssueChange> changesBy(String email) {
    return store.changes().stream().filter(change -> change.by().equals(email)).toList();
  }

  /** Calls over HTTP; what people did in process is not among them. */
  public CallCounters calls() {
    return calls;
  }

  public Screens screens() {
    return site.screens();
  }

  public Webhooks webhooks() {
    return webhooks;
  }

  /** Nothing waits to be sent. */
  public boolean webhooksIdle() {
    return webhooks.idle();
  }

  /**
   * Reports every change, in the order they are made, in the thread that makes it and before it is
   * answered. A listener must be quick and must not wait for another change.
   */
  public void onChange(Consumer<IssueChange> listener) {
    listeners.add(listener);
  }

  /** Reports every call over HTTP and its answer, in the thread that serves it. */
  public void onRequest(Consumer<Exchange> listener) {
    server.onExchange(listener);
  }

  /** Stops serving; webhooks that still wait are not sent. */
  @Override
  public void close() {
    server.close();
    webhooks.close();
  }

  private JiraUser change(String email, UnaryOperator<JiraUser> how) {
    return site.replace(how.apply(site.userByEmail(email).orElseThrow()));
  }

  private void changed(
      IssueChange change,
      Issue issue,
      Author by,
      @Nullable Comment comment,
      @Nullable IssueLink link) {
    WebhookJson.event(change.kind())
        .ifPresent(event -> announce(event, change, issue, by, comment, link));
    if (change.kind() == IssueChange.Kind.COMMENTED && options.commentsUpdateIssues) {
      announce("jira:issue_updated", change, issue, by, comment, null);
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  private void announce(
      String event,
      IssueChange change,
      Issue issue,
      Author by,
      @Nullable Comment comment,
      @Nullable IssueLink link) {
    String body = webhookJson.body(event, change, issue, by, comment, link).toString();
    webhooks.announce(event, issue.id, body, (jql, id) -> search.matches(jql, issue, admin));
  }
}
