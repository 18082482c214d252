package dev.lockstep.sandbox.servicenow;

import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.RateLimit;
import dev.lockstep.sandbox.http.WebhookCounts;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A ServiceNow instance in memory, answering the Table API on loopback, with people who work in it.
 * What is simulated and what is not is in {@code docs/sandbox-servicenow.md}. Thread-safe; nothing
 * is kept once it is closed.
 */
public final class ServiceNowSimulator implements AutoCloseable {
  private static final Set<String> WITH_RULE = Set.of(Schema.INCIDENT, ChangeRequestTable.TABLE);

  private final Faults faults;
  private final Schema schema = new Schema();
  private final Store store = new Store(schema);
  private final CallCounters calls = new CallCounters(ServiceNowApi.TOKEN_PATH);
  private final List<Consumer<RecordChange>> listeners = new CopyOnWriteArrayList<>();
  private final WebhookPayload payload = new WebhookPayload(store);
  private final BusinessRuleWebhooks webhooks;
  private final RecordService service;
  private final Login login;
  private final TableApi tables;
  private final ServiceNowApi api;
  private final ApiServer<UserSession> server;

  private ServiceNowSimulator(ServiceNowOptions options) {
    faults = options.faults;
    webhooks = new BusinessRuleWebhooks(options);
    service =
        new RecordService(
            store,
            options.clock,
            options.parentsLeadChildren,
            options.roleForClosedIncidents,
            this::changed);
    login = new Login(store, options);
    tables = new TableApi(store, service, options);
    api = new ServiceNowApi(login, options.clock);
    server =
        new ApiServer<>(
            new ApiServer.Setup(
                options.port,
                faults,
                // "Inbound REST API rate limiting" is off until an administrator makes a rule.
                new RateLimit(options.clock, 0, ServiceNowApi.LIMIT),
                options.retryAfter,
                options.lateAnswer,
                options.clock),
            api,
            api.router(tables),
            calls);
  }

  /** Starts an instance that knows its API user and the administrator {@code admin}. */
  public static ServiceNowSimulator start(ServiceNowOptions options) {
    ServiceNowSimulator simulator = new ServiceNowSimulator(options);
    simulator.seedUser(options.username, "Integration " + options.username, "");
    simulator.seedUser("admin", "System Administrator", "admin@example.com");
    return simulator;
  }

  /** Where it answers, without a slash at the end. */
  public String url() {
    return server.url();
  }

  public Faults faults() {
    return faults;
  }

  /** Adds an agent, who may log in over HTTP too; returns the sys_id. */
  public String seedUser(String userName, String name, String email) {
    return seed(
        "sys_user", Map.of("user_name", userName, "name", name, "email", email, "active", "true"));
  }

  public String seedGroup(String name) {
    return seed("sys_user_group", Map.of("name", name, "active", "true"));
  }

  /**
   * Deactivates a user: may not log in and is not offered in lists, but stays in the fields of
   * records that name them.
   */
  public void deactivateUser(String userName) {
    ServiceNowPerson system = as("system");
    records("sys_user").stream()
        .filter(user -> userName.equals(user.get("user_name")))
        .forEach(user -> system.update(user.getOrDefault("sys_id", ""), Map.of("active", "false")));
  }

  /** A business service: {@code cmdb_ci_service}, found as a configuration item too. */
  public String seedService(String name) {
    return seed("cmdb_ci_service", Map.of("name", name));
  }

  public String seedItem(String name) {
    return seed("cmdb_ci", Map.of("name", name));
  }

  /**
   * Puts a record in as it is: no rules, no webhook, no {@link RecordChange}; returns the sys_id.
   */
  public String seed(String table, Map<String, String> fields) {
    return service.seed(table, fields);
  }

  /** Adds a text column to a table, such as {@code u_symptom}. */
  public void addColumn(String table, String column) {
    schema.addColumn(table, column);
  }

  /** Gives a user the right to change closed records. */
  public void makeAdmin(String userName) {
    login.grant(userName, UserSession.Access.ADMIN);
  }

  /** Gives a user a role on top of {@code itil}, such as {@code change_manager}. */
  public void giveRole(String userName, String role) {
    login.give(userName, role);
  }

  /**
   * Field ACLs let a user read these columns and not write them: what they send for them is
   * dropped, and the answer is a success that shows the former value. None: no field is protected.
   */
  public void denyWrites(String userName, String... columns) {
    login.denyWrites(userName, Set.of(columns));
  }

  /** Leaves a user the right to read only: their writes are answered 403. */
  public void makeReadOnly(String userName) {
    login.grant(userName, UserSession.Access.READ);
  }

  /** What the API shows of {@code sys_journal_field} from now on. */
  public void journal(JournalAccess access) {
    api.journal(access);
  }

  /** Takes all roles from a user: the API answers 403. */
  public void takeRoles(String userName) {
    login.grant(userName, UserSession.Access.NONE);
  }

  /** A user who acts in the instance; without a {@code sys_user} of that name, an agent. */
  public ServiceNowPerson as(String userName) {
    return new ServiceNowPerson(service, login.actor(userName, false));
  }

  /** The record with its actual values, all columns of its table, empty ones too. */
  public Optional<Map<String, String>> record(String sysId) {
    synchronized (store) {
      return Optional.ofNullable(store.find(sysId)).map(this::full);
    }
  }

  /** All records of a table and of those that extend it, oldest first. */
  public List<Map<String, String>> records(String table) {
    synchronized (store) {
      return store.all(table).stream().map(this::full).toList();
    }
  }

  /** One value, over references too: {@code assigned_to.email}; empty if there is none. */
  public String value(String sysId, String path) {
    synchronized (store) {
      Row row = store.find(sysId);
      String value = row == null ? null : store.value(row, path);
      return value == null ? "" : value;
    }
  }

  /** The record's journal, oldest first. */
  public List<JournalEntry> journal(String sysId) {
    synchronized (store) {
      return store.journal(sysId);
    }
  }

  /** Calls over HTTP; what people did in process is not among them. */
  public CallCounters calls() {
    return calls;
  }

  /** Updates over HTTP that were accepted and changed nothing: echoes written. */
  public long emptyWrites() {
    return tables.emptyWrites();
  }

  /**
   * Reports every change, in the order they are made, on the thread that makes it and before it is
   * answered. A listener must be quick and must not wait for another change.
   */
  public void onChange(Consumer<RecordChange> listener) {
    listeners.add(listener);
  }

  /** From now on webhooks go there; null sends none. */
  public void webhookTarget(@Nullable URI target) {
    webhooks.target(target);
  }

  /** From now on webhooks are signed with this secret, those that wait too. */
  public void rotateWebhookSecret(String secret) {
    webhooks.secret(secret);
  }

  /** Switches the business rule on or off; changes made while it is off send nothing, ever. */
  public void webhooksOn(boolean on) {
    webhooks.on(on);
  }

  /** Whether every webhook that will be sent has been sent. */
  public boolean webhooksIdle() {
    return webhooks.counts().pending() == 0;
  }

  public WebhookCounts webhooks() {
    return webhooks.counts();
  }

  /** Lets every access token expire now. */
  public void expireTokens() {
    login.forgetTokens();
  }

  /** While it hibernates, an instance answers 200 and an HTML page to everything. */
  public void hibernate(boolean hibernating) {
    api.hibernate(hibernating);
  }

  /** Stops answering and sending. */
  @Override
  public void close() {
    webhooks.close();
    server.close();
  }

  private void changed(RecordChange change, Row row) {
    if (WITH_RULE.contains(row.table()) && webhooks.sends()) {
      webhooks.offer(row.sysId(), WebhookPayload.event(change), payload.of(change, row));
    }
    listeners.forEach(listener -> listener.accept(change));
  }

  private Map<String, String> full(Row row) {
    Map<String, String> full = new HashMap<>();
    schema.columns(row.table()).forEach(column -> full.put(column.name(), row.get(column.name())));
    return full;
  }
}
