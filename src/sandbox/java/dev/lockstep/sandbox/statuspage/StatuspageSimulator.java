package dev.lockstep.sandbox.statuspage;

import dev.lockstep.sandbox.http.ApiServer;
import dev.lockstep.sandbox.http.CallCounters;
import dev.lockstep.sandbox.http.Exchange;
import dev.lockstep.sandbox.http.Faults;
import dev.lockstep.sandbox.http.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A status page on this machine: the REST API v1 on a loopback port, its subscribers, and people
 * who work on it. Everything happens in memory and is gone after {@link #close()}. Thread-safe.
 *
 * <p>Written from Atlassian's OpenAPI document. Where that says nothing, the choice is the one that
 * is harder for a client; {@code docs/sandbox-statuspage.md} names each. Scheduled maintenances,
 * postmortems, templates, subscribers' own settings and webhooks to subscribers are not simulated.
 */
public final class StatuspageSimulator implements AutoCloseable {

  /** "1 request / second as measured on a 60 second rolling window". */
  static final int DOCUMENTED_LIMIT = 60;

  private final StatuspageOptions options;
  private final PageState state;
  private final CallCounters calls = new CallCounters("");
  private final ApiServer<String> server;

  private StatuspageSimulator(StatuspageOptions options) {
    this.options = options;
    this.state = new PageState(options.clock);
    StatuspageApi api = new StatuspageApi(state, options);
    this.server =
        new ApiServer<>(
            new ApiServer.Setup(
                options.port,
                options.faults,
                RateLimit.rolling(options.clock, options.callsPerMinute, DOCUMENTED_LIMIT),
                Duration.ofSeconds(1),
                options.lateness,
                options.clock),
            api,
            api.router(),
            calls);
  }

  /** Starts with an empty page. */
  public static StatuspageSimulator start(StatuspageOptions options) {
    return new StatuspageSimulator(options);
  }

  /** The address to use instead of {@code https://api.statuspage.io}; no slash at the end. */
  public String url() {
    return server.url();
  }

  /** The id of its one page. */
  public String page() {
    return options.page;
  }

  public Faults faults() {
    return options.faults;
  }

  public PageComponent component(String name) {
    return state.addComponent(name);
  }

  public List<PageComponent> components() {
    return state.components();
  }

  /** The present status of the component of that name. */
  public String statusOf(String component) {
    return state.components().stream()
        .filter(each -> each.name().equals(component))
        .map(PageComponent::status)
        .findFirst()
        .orElseThrow(StatuspageException::notFound);
  }

  /** A person sets the status of a component by hand. */
  public void setComponent(String id, String status) {
    state.setComponent(id, status);
  }

  public void deleteComponent(String id) {
    state.deleteComponent(id);
  }

  /** The page is deleted, or is there again. */
  public void deletePage(boolean gone) {
    state.delete(gone);
  }

  /** Newest first. */
  public List<PageIncident> incidents() {
    return state.incidents();
  }

  /**
   * @throws StatuspageException with status 404 when there is none
   */
  public PageIncident incident(String id) {
    return state.incident(id).orElseThrow(StatuspageException::notFound);
  }

  public PageIncident deleteIncident(String id) {
    return state.deleteIncident(id).orElseThrow(StatuspageException::notFound);
  }

  public void restoreIncident(PageIncident incident) {
    state.restore(incident);
  }

  /** A person opens an incident on the page. */
  public PageIncident open(String name, String body) {
    return state.create(
        new IncidentInput(name, null, null, body, null, null, Map.of(), true, false));
  }

  /**
   * A person publishes an update.
   *
   * @param status null if it stays
   */
  public PageIncident publish(String id, @Nullable PageIncidentStatus status, String body) {
    return state.update(id, IncidentInput.of(status, body));
  }

  /** A person renames an incident. */
  public PageIncident rename(String id, String name) {
    return state.update(
        id, new IncidentInput(name, null, null, null, null, null, Map.of(), true, false));
  }

  /** A person changes the text of a published update. */
  public void edit(String incident, String update, String text) {
    state.edit(incident, update, text);
  }

  /** What subscribers were sent, oldest first: name and text of each update. */
  public List<String> notifications() {
    return state.notifications().stream().map(PageState.Notification::text).toList();
  }

  /** Every text that anyone may read: names, updates, metadata and notifications. */
  public List<String> publicTexts() {
    List<String> texts = new ArrayList<>(notifications());
    for (PageIncident incident : incidents()) {
      texts.add(incident.name());
      texts.add(incident.metadata().toString());
      incident.updates().forEach(update -> texts.add(update.body()));
    }
    return texts;
  }

  /** Calls over HTTP; what people did in process is not among them. */
  public CallCounters calls() {
    return calls;
  }

  /** Reports every call over HTTP and its answer, in the thread that serves it. */
  public void onRequest(Consumer<Exchange> listener) {
    server.onExchange(listener);
  }

  @Override
  public void close() {
    server.close();
  }
}
