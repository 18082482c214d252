package dev.lockstep.sandbox.demo;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How this process would be called once more: the same Java, options and jar. */
public final class OwnCommand {
  private OwnCommand() {}

  /**
   * @param mainClass used unless this process runs from one jar, which names its own
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
    if (classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator)) {
      command.addAll(List.of("-jar", classPath));
    } else {
      command.addAll(List.of("-cp", classPath, mainClass));
    }
    command.addAll(Arrays.asList(arguments));
    return command;
  }
}
