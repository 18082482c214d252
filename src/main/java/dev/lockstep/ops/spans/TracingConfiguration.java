package dev.lockstep.ops.spans;

import dev.lockstep.ops.EffectiveSettings;
import dev.lockstep.ops.StartupCheck;
import dev.lockstep.ops.StartupException;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.spi.InterceptStrategy;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * What records and exports spans if {@code lockstep.tracing} is true: the OpenTelemetry SDK, set up
 * by its standard settings {@code OTEL_…}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "lockstep.tracing", havingValue = "true")
class TracingConfiguration {
  /** The SDK's default, grpc, would need another HTTP client. */
  private static final String PROTOCOL = "http/protobuf";

  private static final List<String> PROTOCOLS =
      List.of("otel.exporter.otlp.protocol", "otel.exporter.otlp.traces.protocol");

  /**
   * Metrics are read at {@code /metrics}, logs are written to standard output, and no other program
   * continues a trace. What is set for all programs of a machine is no problem here.
   */
  private static final List<String> UNUSED =
      List.of("otel.metrics.exporter", "otel.logs.exporter", "otel.propagators");

  private static final Pattern PROPERTY = Pattern.compile("otel(\\.[a-z]+)+");
  private static final String SERVICE = "service.name";

  /** A stop must not wait for a collector that is away. */
  private static final long FLUSHED_WITHIN_SECONDS = 3;

  @Bean(destroyMethod = "")
  OpenTelemetrySdk openTelemetry(ConfigurableEnvironment environment) {
    Map<String, String> settings = settings(environment);
    for (String name : PROTOCOLS) {
      if (!settings.getOrDefault(name, PROTOCOL).equals(PROTOCOL)) {
        throw new StartupException(
            variable(name) + ": only " + PROTOCOL + " is supported, usually at port 4318");
      }
    }
    try {
      return AutoConfiguredOpenTelemetrySdk.builder()
          .disableShutdownHook()
          .addPropertiesSupplier(() -> Map.of(PROTOCOLS.get(0), PROTOCOL))
          .addPropertiesCustomizer(defaults -> settings)
          .addResourceCustomizer((resource, properties) -> named(resource))
          .addSpanExporterCustomizer((exporter, properties) -> new ReportedExporter(exporter))
          .build()
          .getOpenTelemetrySdk();
    } catch (ConfigurationException e) {
      throw new StartupException(problem(e, settings));
    }
  }

  /** The settings, from wherever Lockstep's own are read, by the names of the SDK's properties. */
  private static Map<String, String> settings(ConfigurableEnvironment environment) {
    Map<String, String> settings = new HashMap<>();
    environment.getPropertySources().stream()
        .filter(EnumerablePropertySource.class::isInstance)
        .flatMap(source -> Stream.of(((EnumerablePropertySource<?>) source).getPropertyNames()))
        .filter(name -> PROPERTY.matcher(property(name)).matches())
        .forEach(name -> settings.put(property(name), environment.getProperty(name, "").strip()));
    settings.values().removeIf(String::isEmpty);
    UNUSED.forEach(name -> settings.put(name, "none"));
    return settings;
  }

  private static String property(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  private static String variable(String property) {
    return property.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** The SDK's message, with the names that operators use and without secrets. */
  private static String problem(ConfigurationException e, Map<String, String> settings) {
    String text = "LOCKSTEP_TRACING: " + e.getMessage();
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      String value = setting.getValue();
      // An address that is not well-formed may have a password anywhere before the @.
      text =
          text.replace(
              value,
              value.contains("@")
                  ? EffectiveSettings.MASK
                  : EffectiveSettings.mask(variable(setting.getKey()), value));
    }
    return PROPERTY.matcher(text).replaceAll(name -> variable(name.group()));
  }

  private static Resource named(Resource resource) {
    boolean isNamed =
        resource.getAttributes().asMap().entrySet().stream()
            .filter(attribute -> attribute.getKey().getKey().equals(SERVICE))
            .anyMatch(attribute -> !attribute.getValue().toString().startsWith("unknown_service"));
    return isNamed ? resource : resource.toBuilder().put(SERVICE, "lockstep").build();
  }

  /** Reports wrong settings of the SDK together with all other startup problems. */
  @Bean
  StartupCheck tracingCheck(ObjectProvider<OpenTelemetrySdk> sdk) {
    return () -> {
      try {
        sdk.getObject();
        return List.of();
      } catch (BeanCreationException e) {
        if (e.getRootCause() instanceof StartupException problem) {
          return problem.lines();
        }
        throw e;
      }
    };
  }

  @Bean
  InterceptStrategy stepSpans(Spans spans) {
    return new StepSpans(spans);
  }

  @Bean
  DisposableBean lastSpans(OpenTelemetrySdk sdk) {
    return () ->
        sdk.getSdkTracerProvider().shutdown().join(FLUSHED_WITHIN_SECONDS, TimeUnit.SECONDS);
  }
}
