package dev.lockstep.sandbox.incidentio;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.RateLimit;
import java.util.List;
import java.util.function.Consumer;

/**
 * An incident.io organisation on this machine: the public API on a loopback port, webhooks, and
 * people who work in it. Everything happens in memory and is gone after {@link #close()}.
 * Thread-safe.
 *
 * <p>Written from incident.io's OpenAPI document and API reference; {@code
 * docs/sandbox-incident-io.md} says which fact comes from where, and what is not simulated.
 */
public final class IncidentIoSimulator implements AutoCloseable {

  private final IncidentIoOptions options;
  private final Organisation organisation;
  private final IncidentRegister register;
  private final DeclaredIncidentJson json;
  private final SvixEndpoint webhooks;
  private final CallCounters calls = new CallCounters("");
  private final ApiServer<IncidentActor> server;

  private IncidentIoSimulator(IncidentIoOptions options) {
    this.options = options;
    Ulids ids = new Ulids();
    this.organisation = new Organisation(options.clock, ids);
    this.register = new IncidentRegister(organisation, options.clock, ids);
    this.json = new DeclaredIncidentJson(organisation);
    this.webhooks = new SvixEndpoint(options, json);
    register.listen(webhooks::announce);
    IncidentIoApi api =
        new IncidentIoApi(
            new IncidentCalls(organisation, register, json, options),
            new OrganisationCalls(organisation, options.roles),
            options);
    RateLimit limit =
        new RateLimit(options.clock, options.requestsPerMinute, IncidentIoApi.DOCUMENTED_LIMIT);
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
  }

  /** Starts without users, custom fields and incidents. */
  public static IncidentIoSimulator start(IncidentIoOptions options) {
    return new IncidentIoSimulator(options);
  }

  /** The address to use instead of {@code https://api.incident.io}; no slash at the end. */
  public String url() {
    return server.url();
  }

  public Faults faults() {
    return options.faults;
  }

  public Organisation organisation() {
    return organisation;
  }

  /** The endpoint to which webhooks go. */
  public SvixEndpoint webhooks() {
    return webhooks;
  }

  /** Calls over HTTP; what people did in process is not among them. */
  public CallCounters calls() {
    return calls;
  }

  /**
   * Acts as this user, with webhooks but without API calls.
   *
   * @throws IncidentIoException when there is no such user
   */
  public IncidentIoPerson as(String email) {
    return new IncidentIoPerson(organisation, register, organisation.memberOf(email));
  }

  /**
   * An incident as the API shows it.
   *
   * @param idOrReference such as {@code INC-7}
   * @throws IncidentIoException with status 404 when there is none
   */
  public ObjectNode incident(String idOrReference) {
    return json.incident(register.find(idOrReference).orElseThrow(IncidentIoException::notFound));
  }

  /** All incidents as the API shows them, oldest first. */
  public List<ObjectNode> incidents() {
    return register.all().stream().map(json::incident).toList();
  }

  /** The updates of an incident as the API shows them, newest first. */
  public List<ObjectNode> updates(String id) {
    return register.updates(id).stream().map(json::update).toList();
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
}
