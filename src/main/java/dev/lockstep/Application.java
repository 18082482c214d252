package dev.lockstep;

import dev.lockstep.ops.KnownSettings;
import dev.lockstep.ops.LogLines;
import dev.lockstep.ops.PortCheck;
import dev.lockstep.ops.StartupException;
import dev.lockstep.ops.StartupFailure;
import dev.lockstep.ops.yaml.YamlFile;
import dev.lockstep.ops.yaml.YamlFile.Scalars;
import dev.lockstep.ops.yaml.YamlProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The Spring Boot application. Settings are in {@code config/application.yaml}. */
@SpringBootApplication
public class Application {
  /** The property source of the settings that a start was given. */
  static final String GIVEN =
      "given-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

  /**
   * Starts the service and returns when it is ready. The given settings take precedence over all
   * others.
   *
   * @throws dev.lockstep.ops.StartupException with one line per problem that prevents the start
   */
  public static ConfigurableApplicationContext start(Map<String, String> settings) {
    return start(settings, Application.class);
  }

  static ConfigurableApplicationContext start(Map<String, String> settings, Class<?> parts) {
    return start(settings, parts, WebApplicationType.SERVLET);
  }

  static ConfigurableApplicationContext start(
      Map<String, String> settings, Class<?> parts, WebApplicationType web) {
    requireYaml(Path.of("config", "application.yaml"));
    SpringApplication application = new SpringApplication(parts);
    application.setWebApplicationType(web);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    // The caller closes the context: Spring's shutdown hook would interrupt a start in progress.
    application.setRegisterShutdownHook(false);
    application.setDefaultProperties(logFormat());
    application.addListeners(new GivenSettings(settings));
    application.addInitializers(context -> LogLines.install());
    application.addInitializers(
        context -> KnownSettings.withholdWrongValues(context.getEnvironment()));
    application.addInitializers(context -> PortCheck.withholdWrongPort(context.getEnvironment()));
    try {
      return application.run();
    } catch (RuntimeException e) {
      throw StartupFailure.explain(e);
    }
  }

  /** Adds settings named like environment variables before any configuration file is read. */
  private record GivenSettings(Map<String, String> settings)
      implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
      event
          .getEnvironment()
          .getPropertySources()
          .addFirst(
              new SystemEnvironmentPropertySource(GIVEN, Map.<String, Object>copyOf(settings)));
    }

    @Override
    public int getOrder() {
      return HIGHEST_PRECEDENCE;
    }
  }

  /** Reports YAML errors on one line each; Spring's own message has dozens of lines. */
  static void requireYaml(Path settings) {
    if (Files.exists(settings)) {
      List<YamlProblem> problems = YamlFile.read(settings, Scalars.NUMBERS).problems();
      if (!problems.isEmpty()) {
        throw new StartupException(problems.stream().map(YamlProblem::toString).toList(), null);
      }
    }
  }

  private static Map<String, Object> logFormat() {
    Map<String, Object> defaults = new HashMap<>();
    if ("json".equalsIgnoreCase(System.getenv("LOCKSTEP_LOG_FORMAT"))) {
      defaults.put("logging.structured.format.console", "logstash");
    }
    return defaults;
  }
}
