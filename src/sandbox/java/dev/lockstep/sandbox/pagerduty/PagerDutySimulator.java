package dev.lockstep.sandbox.pagerduty;

import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.RateLimit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A PagerDuty account on this machine: the REST API v2 on a loopback port, V3 webhooks, and people
 * who work in it. Everything happens in memory and is gone after {@link #close()}. Thread-safe.
 *
 * <p>Written from PagerDuty's OpenAPI document, its developer documentation and samples of real
 * webhooks; {@code docs/sandbox-pagerduty.md} says which fact comes from where, and what is not
 * simulated.
 */
public final class PagerDutySimulator implements AutoCloseable {

  private final PagerDutyOptions options;
  private final WebhookSubscription webhooks;
  private final AccountState account;
  private final ChangeEvents changes;
  private final CallCounters calls = new CallCounters("");
  private final ApiServer<Requester> server;

  private PagerDutySimulator(PagerDutyOptions options) {
    this.options = options;
    this.webhooks = new WebhookSubscription(options);
    IncidentLifecycle rules =
        new IncidentLifecycle(options.reassigningTriggers, options.apiIncidentsMergeable);
    this.account = new AccountState(options.clock, rules, webhooks::announce);
    this.changes = new ChangeEvents(options);
    PagerDutyApi api = new PagerDutyApi(account, webhooks, changes, options);
    RateLimit limit =
        new RateLimit(options.clock, options.requestsPerMinute, PagerDutyApi.DOCUMENTED_LIMIT);
    this.server =
        new ApiServer<>(
            new ApiServer.Setup(
                options.port,
                options.faults,
                limit,
                options.announcedWait,
                options.lateness,
                options.clock),
            api,
            api.router(),
            calls);
    List.of("P1", "P2", "P3", "P4", "P5").forEach(name -> priority(name, "Priority " + name));
  }

  /** Starts with priorities P1 to P5 and nothing else. */
  public static PagerDutySimulator start(PagerDutyOptions options) {
    return new PagerDutySimulator(options);
  }

  /** The address to use instead of {@code https://api.pagerduty.com}; no slash at the end. */
  public String url() {
    return server.url();
  }

  public int port() {
    return server.port();
  }

  public Faults faults() {
    return options.faults;
  }

  /** Adds a user; the address is how the API's {@code From} header and {@link #as} name them. */
  public PagerDutyUser user(String name, String email) {
    return account.directory().addUser(name, email);
  }

  /** Adds a policy that calls these known users, one after the other. */
  public EscalationPolicy escalationPolicy(String name, String... onCallEmails) {
    List<PagerDutyUser> levels = Arrays.stream(onCallEmails).map(this::userOf).toList();
    return account.directory().addPolicy(name, levels);
  }

  /** From now on these known users are on call at the levels of a policy; nobody if none. */
  public void onCall(EscalationPolicy policy, String... emails) {
    account
        .directory()
        .changePolicy(policy.id(), Arrays.stream(emails).map(this::userOf).toList());
  }

  /** A level of a policy, counted from 1, calls a schedule; its user is the one on shift. */
  public Schedule schedule(String name, EscalationPolicy policy, int level) {
    return account.directory().addSchedule(name, policy, level);
  }

  public Service service(String name, EscalationPolicy policy) {
    return account.directory().addService(name, policy);
  }

  /**
   * Adds an integration of the type Events API v2 to a service.
   *
   * @return its integration key
   */
  public String integrationKey(Service service) {
    return changes.integrate(service);
  }

  /** Those that were accepted, oldest first. */
  public List<ChangeEvent> changeEvents() {
    return changes.all();
  }

  /** Adds a priority below those that are there. */
  public Priority priority(String name, String description) {
    return account.directory().addPriority(name, description);
  }

  /** Incident priorities are switched off in the account's settings: none can be listed or set. */
  public void switchPrioritiesOff() {
    account.directory().removePriorities();
  }

  /**
   * The acknowledgement timeout of its service passes ({@code acknowledgement_timeout} of {@code
   * Service}: "Time in seconds that an incident changes to the Triggered State after being
   * Acknowledged"). Nobody did it: the agent is the service. Does nothing to one that is not
   * acknowledged.
   */
  public PagerDutyIncident timeOutAcknowledgement(String id) {
    PagerDutyIncident incident = incident(id);
    return incident.status() == IncidentStatus.ACKNOWLEDGED
        ? account.change(
            incident.id(),
            IncidentChange.toStatus(IncidentStatus.TRIGGERED),
            Agent.of(incident.service()))
        : incident;
  }

  public Optional<PagerDutyUser> findUser(String email) {
    return account.directory().userByEmail(email);
  }

  public List<Priority> priorities() {
    return account.directory().priorities();
  }

  /**
   * Acts as this user, with webhooks but without API calls.
   *
   * @throws PagerDutyException when there is no such user
   */
  public PagerDutyPerson as(String email) {
    return new PagerDutyPerson(account, userOf(email));
  }

  /**
   * A monitoring tool's alert opens an incident, as Events API v2 would.
   *
   * @param service name or id
   */
  public PagerDutyIncident alert(String service, String title) {
    return alert(service, title, "alert-" + (account.incidents().size() + 1));
  }

  /** As {@link #alert(String, String)}; an open incident with that key takes the alert in. */
  public PagerDutyIncident alert(String service, String title, String dedupKey) {
    return account.alert(serviceOf(service), title, dedupKey);
  }

  /** The monitoring tool says that all is well, which resolves the incident. */
  public PagerDutyIncident closeAlert(String service, String dedupKey) {
    return account.closeAlert(serviceOf(service), dedupKey);
  }

  /**
   * The incident with that id.
   *
   * @param id or number
   * @throws PagerDutyException with status 404 when there is none
   */
  public PagerDutyIncident incident(String id) {
    return account.find(id).orElseThrow(PagerDutyException::notFound);
  }

  public Optional<PagerDutyIncident> findIncident(String id) {
    return account.find(id);
  }

  /** All that were ever opened, oldest first. */
  public List<PagerDutyIncident> incidents() {
    return account.incidents();
  }

  public IncidentCounts counts() {
    return IncidentCounts.of(account.incidents());
  }

  /** Oldest first. */
  public List<Note> notes(String incident) {
    return account.notes(incident);
  }

  /** Oldest first; the API has no way to read them. */
  public List<IncidentTask> tasks(String incident) {
    return account.tasks(incident);
  }

  /** Oldest first; the API has no way to list them. */
  public List<StatusUpdate> statusUpdates(String incident) {
    return account.statusUpdates(incident);
  }

  /** Oldest first; the API lists them newest first. */
  public List<LogEntry> logEntries(String incident) {
    return account.logEntries(incident);
  }

  /** Calls over HTTP; what people did in process is not among them. */
  public CallCounters calls() {
    return calls;
  }

  public WebhookSubscription webhooks() {
    return webhooks;
  }

  /** Nothing waits to be sent. */
  public boolean webhooksIdle() {
    return webhooks.idle();
  }

  /** Switched off by PagerDuty after three webhooks in a row were dropped. */
  public boolean subscriptionDisabled() {
    return webhooks.disabled();
  }

  /** Reports every event, in the thread that did it, before the answer is sent. */
  public void onChange(Consumer<IncidentEvent> listener) {
    account.listen(listener);
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

  private PagerDutyUser userOf(String email) {
    return account
        .directory()
        .userByEmail(email)
        .orElseThrow(() -> PagerDutyException.refused(1008, "Requester User Not Found"));
  }

  private Service serviceOf(String nameOrId) {
    return account
        .directory()
        .service(nameOrId)
        .orElseThrow(() -> PagerDutyException.invalid(nameOrId + " does not exist"));
  }
}
