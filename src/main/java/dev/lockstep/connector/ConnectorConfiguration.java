package dev.lockstep.connector;

import dev.lockstep.connector.definition.CallLimits;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.KameletFiles;
import dev.lockstep.connector.definition.Settings;
import dev.lockstep.ops.FileSettings;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Reads the folders of {@code lockstep.connectors} and prepares Camel's components for them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FileSettings.class, CallSettings.class})
class ConnectorConfiguration {

  /**
   * Camel's auto-configuration also customises components and overwrites settings with its
   * defaults; with equal order, the sequence would vary from start to start.
   */
  private static final int AFTER_DEFAULTS = Ordered.LOWEST;

  /** Depends on files and settings only, so that it is available before anything else starts. */
  @Bean
  ConnectorSettingsCheck settingsCheck(
      FileSettings files, Environment environment, ObjectProvider<ActiveSystems> used) {
    return new ConnectorSettingsCheck(
        files.folders(),
        environment,
        () -> used.stream().findFirst().map(ActiveSystems::mappings).orElse(null));
  }

  @Bean
  ConnectorCatalog connectorCatalog(
      FileSettings files, Environment environment, ObjectProvider<ActiveSystems> used) {
    return ConnectorCatalog.load(files.folders(), environment, among(used));
  }

  private static Predicate<String> among(ObjectProvider<ActiveSystems> used) {
    return system ->
        used.stream()
            .findFirst()
            .map(systems -> systems.mappings().containsKey(system))
            .orElse(true);
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

  @Bean
  ComponentCustomizer httpWithoutRetries(ResponseLimits limits) {
    return ComponentCustomizer.builder(HttpComponent.class)
        .withOrder(AFTER_DEFAULTS)
        .build((name, component) -> prepare(component, limits));
  }

  /** Registers the connectors' folders and sets the properties of every system, except secrets. */
  static void prepare(KameletComponent component, ConnectorCatalog catalog) {
    String folders =
        catalog.connectors().values().stream()
            .map(connector -> "file:" + connector.folder())
            .distinct()
            .collect(Collectors.joining(","));
    String others = component.getLocation();
    component.setLocation(others == null || others.isBlank() ? folders : folders + "," + others);
    // By route and not by template: the instances of a connector share its Kamelets.
    Map<String, Properties> perRoute = new TreeMap<>();
    if (component.getRouteProperties() != null) {
      perRoute.putAll(component.getRouteProperties());
    }
    for (ConnectorDefinition connector : catalog.connectors().values()) {
      Properties settings = settings(connector);
      connector.kamelets().forEach(kamelet -> perRoute.put(kamelet.route(), settings));
    }
    component.setRouteProperties(perRoute);
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
