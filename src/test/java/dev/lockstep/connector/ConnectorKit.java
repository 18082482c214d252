package dev.lockstep.connector;

import dev.lockstep.ops.spans.Spans;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;

/** The connectors on a Camel of their own, wired as the application wires them. */
final class ConnectorKit implements AutoCloseable {
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final ConnectorCatalog catalog;
  final NativeRecords records;
  RecordGateway connectors;
  private final CamelHttpClient kamelets;
  private final MappedFields wanted;
  private final Clock clock;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final ResponseLimits limits;
  private final StaticListableBeanFactory gates = new StaticListableBeanFactory();

  ConnectorKit(
      List<Path> directories, Map<String, String> settings, Clock clock, Set<String> wanted) {
    this(
        directories,
        settings,
        clock,
        wanted,
        new ResponseLimits(new CallSettings(DataSize.ofMegabytes(8), Duration.ofSeconds(60))));
  }

  ConnectorKit(
      List<Path> directories,
      Map<String, String> settings,
      Clock clock,
      Set<String> wanted,
      ResponseLimits limits) {
    this.limits = limits;
    catalog = ConnectorCatalog.load(directories, environment(settings));
    records = new NativeRecords(catalog);
    ConnectorConfiguration.prepare(camel.getComponent("kamelet", KameletComponent.class), catalog);
    ConnectorConfiguration.prepare(camel.getComponent("http", HttpComponent.class), limits);
    camel.start();
    this.clock = clock;
    this.wanted = (system, kind) -> wanted;
    kamelets = new CamelHttpClient(camel, camel.createProducerTemplate(), limits);
    connectors = fresh();
  }

  /** As after a start: no hold, closed breakers, empty caches. */
  void renew() {
    connectors = fresh();
  }

  private RecordGateway fresh() {
    return new RecordGateway(
        catalog,
        records,
        wanted,
        kamelets,
        gates.getBeanProvider(CallGate.class),
        metrics,
        new Spans(Optional.empty()),
        clock);
  }

  /** Asked before each call from now on. */
  void gate(CallGate gate) {
    gates.addBean("gate", gate);
  }

  /** A bean that Kamelets call. */
  void bind(String name, Object bean) {
    camel.getRegistry().bind(name, bean);
  }

  /** An environment of these settings alone, whatever the machine has. */
  static PropertyResolver environment(Map<String, String> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    for (var source : sources.stream().toList()) {
      sources.remove(source.getName());
    }
    sources.addFirst(new MapPropertySource("test", new HashMap<>(settings)));
    return environment;
  }

  static Map<String, String> settings(int port) {
    String url = "http://localhost:" + port;
    Map<String, String> settings = new TreeMap<>();
    settings.put("SERVICENOW_URL", url);
    settings.put("SERVICENOW_USERNAME", "lockstep");
    settings.put("SERVICENOW_PASSWORD", "pass {{word}} ü");
    settings.put("SERVICENOW_WEBHOOK_SECRET", "webhook-secret-for-tests");
    settings.put("PAGERDUTY_WEBHOOK_SECRETS", "webhook-secret-for-tests");
    // Long enough for the first call of a cold JVM on a busy machine.
    settings.put("SERVICENOW_READ_TIMEOUT", "2s");
    settings.put("PAGERDUTY_URL", url + "/");
    settings.put("PAGERDUTY_TOKEN", "secret-token");
    settings.put("PAGERDUTY_FROM", "lockstep@example.com");
    settings.put("PAGERDUTY_READ_TIMEOUT", "2s");
    settings.put("PAGERDUTY_EVENTS_URL", url);
    settings.put("PAGERDUTY_ROUTING_KEYS", "Customer portal = " + "0".repeat(32));
    settings.put("JIRA_URL", url);
    settings.put("JIRA_USERNAME", "lockstep@example.com");
    settings.put("JIRA_TOKEN", "pass {{word}} ü");
    settings.put("JIRA_PROJECT", "OPS");
    settings.put("JIRA_WEBHOOK_SECRET", "webhook-secret-for-tests");
    settings.put("JIRA_READ_TIMEOUT", "2s");
    settings.put("SLACK_URL", url);
    settings.put("SLACK_WORKSPACE_URL", "https://example.slack.com");
    settings.put("SLACK_TOKEN", "secret-token");
    settings.put("SLACK_SIGNING_SECRET", "webhook-secret-for-tests");
    settings.put("SLACK_READ_TIMEOUT", "2s");
    settings.put("STATUSPAGE_URL", url);
    settings.put("STATUSPAGE_TOKEN", "secret-token");
    settings.put("STATUSPAGE_PAGE_ID", "2vp47kp8vp10");
    settings.put("STATUSPAGE_READ_TIMEOUT", "2s");
    settings.put("STATUSPAGE_CALLS_PER_10_SECONDS", "10000");
    settings.put("INCIDENT_IO_URL", url);
    settings.put("INCIDENT_IO_TOKEN", "secret-token");
    settings.put("INCIDENT_IO_CORRELATION_FIELD", "01FIELD");
    settings.put("INCIDENT_IO_LEAD_ROLE", "01LEAD");
    settings.put("INCIDENT_IO_WEBHOOK_SECRETS", "webhook-secret-for-tests");
    settings.put("INCIDENT_IO_READ_TIMEOUT", "2s");
    return settings;
  }

  @Override
  public void close() {
    camel.stop();
    limits.close();
  }

  /** What {@code check} finds while no service is running. */
  List<Finding> check(String system, CheckedKind kind) {
    ServiceWebhooks unreachable =
        asked -> {
          throw new ServiceWebhooks.UnknownException("no service is reachable");
        };
    return new SystemCheck(
            catalog.connector(system), connectors, unreachable, Duration.ZERO, Clock.systemUTC())
        .run(List.of(kind), Set.of());
  }
}
