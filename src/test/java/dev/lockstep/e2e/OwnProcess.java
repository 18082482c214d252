package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.Launch;
import dev.lockstep.testkit.Launcher;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code lockstep run} as the launcher starts it. */
final class OwnProcess implements LockstepInstance.Host {
  private static final long LONGEST_STOP_SECONDS = 120;

  private volatile Process process;

  @Override
  public void launch(Map<String, String> settings, Path log) throws IOException {
    List<String> command = new ArrayList<>(Launcher.command().orElseGet(OwnProcess::unpackaged));
    command.add("run");
    ProcessBuilder builder = Launch.apart(command);
    builder.environment().putAll(settings);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process = builder.start();
  }

  @Override
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** SIGTERM; a stop that was asked for is no failure. */
  @Override
  public void stop() {
    if (!isAlive()) {
      return;
    }
    process.destroy();
    boolean ended = await(process);
    if (!ended) {
      kill();
    }
    assertThat(ended).as("ended when it was asked to").isTrue();
    assertThat(process.exitValue()).as("exit code").isZero();
  }

  /** SIGKILL. */
  @Override
  public void kill() {
    Process victim = process;
    victim.destroyForcibly();
    await(victim);
  }

  private static boolean await(Process ending) {
    try {
      return ending.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** With the launcher's options, as far as they matter here. */
  private static List<String> unpackaged() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms64m",
        "-Xmx256m",
        "-Xss512k",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Duser.timezone=UTC",
        "-Dfile.encoding=UTF-8",
        "-cp",
        classPath(),
        "dev.lockstep.Lockstep");
  }

  /** What this test runs with, without the tests. */
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
