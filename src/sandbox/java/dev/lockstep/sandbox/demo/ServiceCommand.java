package dev.lockstep.sandbox.demo;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How the service is started by what plays with it: the same Java, options and service jar. */
public final class ServiceCommand {
  private static final String SERVICE = "lockstep.jar";

  private ServiceCommand() {}

  /**
   * @param mainClass used unless the service's jar is first on the class path, which names its own
   */
  public static List<String> of(Class<?> mainClass, String... arguments) {
    return of(
        System.getProperty("java.class.path", ""),
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        mainClass.getName(),
        arguments);
  }

  static List<String> of(
      String classPath, List<String> options, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Agents and debuggers listen on ports that are taken already.
    options.stream()
        .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
        .filter(option -> !option.startsWith("-Xdebug") && !option.startsWith("-Xrunjdwp"))
        .forEach(command::add);
    // The service knows nothing of what stands beside its jar on the class path.
    String first = classPath.split(File.pathSeparator, 2)[0];
    if (Path.of(first).endsWith(SERVICE)) {
      command.addAll(List.of("-jar", first));
    } else {
      command.addAll(List.of("-cp", classPath, mainClass));
    }
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
