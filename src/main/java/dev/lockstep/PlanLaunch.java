package dev.lockstep;

import dev.lockstep.dryrun.PlanLauncher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/**
 * Runs the command in another process with the same Java, memory and settings: what a plan needs
 * must not be taken from the service.
 */
@Component
final class PlanLaunch implements PlanLauncher {
  /** Java counts what these say among its arguments; naming it on standard error, secrets too. */
  private static final Set<String> JAVA_OPTIONS =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private final ConfigurableEnvironment environment;

  PlanLaunch(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Process launch(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Lockstep.class.getName(), "plan"));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    PropertySource<?> given = environment.getPropertySources().get(Application.GIVEN);
    if (given instanceof MapPropertySource settings) {
      settings
          .getSource()
          .forEach((name, value) -> builder.environment().put(name, String.valueOf(value)));
    }
    builder.environment().keySet().removeAll(JAVA_OPTIONS);
    return builder.start();
  }

  /** Without an agent, such as a debugger, which is of one process: its port is taken. */
  static List<String> flags(List<String> own) {
    return own.stream()
        .filter(flag -> !flag.startsWith("-agent") && !flag.startsWith("-javaagent"))
        .filter(flag -> !flag.startsWith("-Xrunjdwp"))
        .filter(flag -> !flag.startsWith("-Dcom.sun.management.jmxremote"))
        .toList();
  }
}
