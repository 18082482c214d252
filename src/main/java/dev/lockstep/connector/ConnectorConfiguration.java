package dev.lockstep.connector;

import dev.lockstep.connector.definition.CallLimits;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KameletFiles;
import dev.lockstep.connector.definition.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Beans of the connectors in the folders of {@code lockstep.connectors}. */
@Configuration(proxyBeanMethods = false)
public class ConnectorConfiguration {

  /**
   * Camel's auto-configuration also customises components and overwrites settings with its
   * defaults; with equal order, the sequence would vary from start to start.
   */
  private static final int AFTER_DEFAULTS = Ordered.LOWEST;

  /** Depends on files and settings only, so that it is available before anything else starts. */
  @Bean
  ConnectorSettingsCheck settingsCheck(
      @Value("${lockstep.connectors:connectors}") List<String> directories,
      Environment environment,
      ObjectProvider<ActiveSystems> used) {
    return new ConnectorSettingsCheck(
        paths(directories),
        environment,
        () -> used.stream().findFirst().map(ActiveSystems::mappings).orElse(null));
  }

  /** Bound as text: Spring would read a list of paths as one path that contains commas. */
  private static List<Path> paths(List<String> directories) {
    return directories.stream().map(directory -> Path.of(directory.strip())).toList();
  }

  @Bean
  ConnectorCatalog connectorCatalog(
      @Value("${lockstep.connectors:connectors}") List<String> directories,
      Environment environment,
      ObjectProvider<ActiveSystems> used) {
    return ConnectorCatalog.load(paths(directories), environment, among(used));
  }

  private static Predicate<String> among(ObjectProvider<ActiveSystems> used) {
    return system ->
        used.stream()
            .findFirst()
            .map(systems -> systems.mappings().containsKey(system))
            .orElse(true);
  }

  @Bean
  NativeRecords recordReader(ConnectorCatalog catalog) {
    return new NativeRecords(catalog);
  }

  @Bean
  RecordGateway connectors(
      ConnectorCatalog catalog,
      NativeRecords records,
      ObjectProvider<MappedFields> wanted,
      CamelContext camel,
      ProducerTemplate producer,
      ResponseLimits limits,
      MeterRegistry metrics,
      ObjectProvider<Clock> clock) {
    return new RecordGateway(
        catalog,
        records,
        // Resolved lazily: mappings are loaded after the connectors they are validated against.
        (system, kind) ->
            wanted.stream().findFirst().map(port -> port.paths(system, kind)).orElse(Set.of()),
        new CamelHttpClient(camel, producer, limits),
        metrics,
        clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  ConnectorReferences connectorReferences(ConnectorCatalog catalog, Connectors connectors) {
    return new ConnectorReferences(catalog, () -> connectors);
  }

  @Bean
  CamelContextConfiguration kameletFiles(ConnectorCatalog catalog) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        new KameletFiles(catalog.connectors().values()).load(camel);
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {
        // Loaded before the first call.
      }
    };
  }

  @Bean
  ComponentCustomizer kameletFolders(ConnectorCatalog catalog) {
    return ComponentCustomizer.builder(KameletComponent.class)
        .withOrder(AFTER_DEFAULTS)
        .build((name, component) -> prepare(component, catalog));
  }

  /**
   * @param bytes maximum size of an answer after decompression
   * @param within maximum time for a complete answer
   */
  @Bean
  ResponseLimits answerLimits(
      @Value("${lockstep.calls.answer-size:8MB}") DataSize bytes,
      @Value("${lockstep.calls.answer-within:60s}") Duration within) {
    return new ResponseLimits(bytes.toBytes(), within);
  }

  @Bean
  ComponentCustomizer httpWithoutRetries(ResponseLimits limits) {
    return ComponentCustomizer.builder(HttpComponent.class)
        .withOrder(AFTER_DEFAULTS)
        .build((name, component) -> prepare(component, limits));
  }

  /** Registers the connectors' folders and sets the properties of every Kamelet, except secrets. */
  static void prepare(KameletComponent component, ConnectorCatalog catalog) {
    String folders =
        catalog.connectors().values().stream()
            .map(connector -> "file:" + connector.folder())
            .collect(Collectors.joining(","));
    String others = component.getLocation();
    component.setLocation(others == null || others.isBlank() ? folders : folders + "," + others);
    Map<String, Properties> perKamelet = new TreeMap<>();
    if (component.getTemplateProperties() != null) {
      perKamelet.putAll(component.getTemplateProperties());
    }
    for (ConnectorDefinition connector : catalog.connectors().values()) {
      Properties settings = settings(connector);
      connector.kamelets().forEach(kamelet -> perKamelet.put(kamelet, settings));
    }
    component.setTemplateProperties(perKamelet);
    // Exceptions propagate to the caller: no redelivery, no additional log.
    component.setNoErrorHandler(true);
  }

  /**
   * Disables Apache HttpClient's automatic retries on 429, 503 and broken connections: the inbox
   * owns retries.
   */
  static void prepare(HttpComponent component, ResponseLimits limits) {
    component.setAutomaticRetriesDisabled(true);
    component.setCookieManagementDisabled(true);
    LimitedHttpClients.prepare(component, limits);
  }

  private static Properties settings(ConnectorDefinition connector) {
    Properties settings = new Properties();
    connector
        .settings()
        .forEach(
            (name, setting) -> {
              if (!setting.secret() && !Settings.value(setting).isEmpty()) {
                settings.setProperty(camelCase(name), Settings.value(setting));
              }
            });
    CallLimits limits = connector.limits();
    settings.setProperty("connectTimeout", String.valueOf(limits.connectTimeout().toMillis()));
    settings.setProperty("readTimeout", String.valueOf(limits.readTimeout().toMillis()));
    return settings;
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    for (String part : name.split("-", -1)) {
      camel.append(
          camel.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return camel.toString();
  }
}
