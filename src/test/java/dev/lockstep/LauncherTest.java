package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script with a Java and a Maven that only say how they were called. */
final class LauncherTest {
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  /** A Java that archives its classes when it is asked to. */
  private static final String WARMS_UP =
      """
      for argument; do
        case $argument in
          -XX:ArchiveClassesAtExit=*) echo classes >"${argument#*=}" ;;
          --warm-up) exit 0 ;;
        esac
      done
      """;

  @TempDir Path dir;
  private Path project;
  private Path caller;
  private Path bin;

  @BeforeEach
  void layOut() throws IOException {
    project = Files.createDirectories(dir.resolve("a project"));
    caller = Files.createDirectories(dir.resolve("elsewhere"));
    bin = Files.createDirectories(dir.resolve("jdk/bin"));
    Files.copy(Path.of("lockstep"), project.resolve("lockstep"));
    assertThat(project.resolve("lockstep").toFile().setExecutable(true)).isTrue();
    Files.createDirectories(project.resolve("src/main"));
    old(Files.writeString(project.resolve("src/main/A.java"), ""));
    old(Files.writeString(project.resolve("pom.xml"), ""));
    old(project.resolve("src/main"));
    Files.writeString(dir.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");
    script("java", "echo java \"$@\"");
    script(
        "mvn",
        "echo \"[INFO] --- compiler:3.14.1:compile (default-compile) @ lockstep ---\";"
            + " for i in $(seq 100); do echo \"Downloaded from central: $i\"; done;"
            + " mkdir -p target/app; : > target/app/lockstep.jar");
  }

  @Test
  void buildsWhatIsMissingOnceAndRunsItFromAnywhere() throws Exception {
    Run first = launch("pairs", "list", "--json");
    assertThat(first.exitCode).isZero();
    assertThat(first.output)
        .contains(
            "lockstep: building",
            "lockstep: compiler:3.14.1:compile (default-compile)",
            "lockstep: downloaded 100 files")
        .contains("-jar target/app/lockstep.jar pairs list --json")
        .contains("-Dlockstep.cwd=" + caller)
        .contains("-Dlockstep.terminal=false -Dlockstep.columns=0");
    assertThat(launch("pairs", "list").output).doesNotContain("compiler");
  }

  @Test
  void buildsAgainWhenASourceIsNewer() throws Exception {
    launch("--version");
    Files.setLastModifiedTime(
        project.resolve("target/app/lockstep.jar"), FileTime.from(LONG_AGO.plusSeconds(60)));
    assertThat(launch("--version").output).doesNotContain("compiler");
    Files.setLastModifiedTime(
        project.resolve("src/main/A.java"), FileTime.from(LONG_AGO.plusSeconds(120)));
    assertThat(launch("--version").output).contains("compiler");
  }

  @Test
  void preparesTheQuickStartOnce() throws Exception {
    script("java", WARMS_UP + "echo java \"$@\"");
    assertThat(launch("run").output)
        .contains("preparing")
        .containsPattern("-XX:SharedArchiveFile=target/app/lockstep-.*jsa .*lockstep.jar run");
    assertThat(launch("demo").output).doesNotContain("preparing").contains("SharedArchiveFile");
  }

  @Test
  void runsWithoutTheQuickStartWhenItCannotBePrepared() throws Exception {
    script("java", WARMS_UP + "echo java \"$@\"");
    Path java = bin.resolve("java");
    Files.writeString(java, Files.readString(java).replace("exit 0", "exit 1"));
    Run run = launch("run");
    assertThat(run.exitCode).isZero();
    assertThat(run.output).contains("preparing").contains("-jar target/app/lockstep.jar run");
    assertThat(launch("run").output).doesNotContain("preparing").doesNotContain("SharedArchive");
  }

  /** Neither a half archive nor none at all is kept permanently. */
  @Test
  void preparesAgainWhenItWasInterrupted() throws Exception {
    script("java", WARMS_UP.replace("exit 0", "kill -INT $PPID; exit 0") + "echo java \"$@\"");
    assertThat(launch("run").exitCode).isEqualTo(130);
    try (Stream<Path> left = Files.list(project.resolve("target/app"))) {
      assertThat(left).containsExactly(project.resolve("target/app/lockstep.jar"));
    }
    script("java", WARMS_UP + "echo java \"$@\"");
    assertThat(launch("run").output).contains("preparing", "SharedArchiveFile");
  }

  @Test
  void playsAndMeasuresWithTheSandboxBesideTheService() throws Exception {
    assertThat(launch("bench", "flow").output)
        .contains("-cp target/app/lockstep.jar:target/sandbox/* dev.lockstep.Sandbox bench flow");
    assertThat(launch("run").output).doesNotContain("sandbox");
  }

  /** A release has no sources, and is installed on machines without Maven. */
  @Test
  void runsWhatIsBesideItWhereThereAreNoSources() throws Exception {
    Files.delete(project.resolve("pom.xml"));
    Files.delete(bin.resolve("mvn"));
    assertRefused(launch("run"), "./app/lockstep.jar is missing; unpack the release again");
    Files.createDirectories(project.resolve("app"));
    Files.writeString(project.resolve("app/lockstep.jar"), "");
    assertThat(launch("pairs", "list").output).contains("-jar ./app/lockstep.jar pairs list");
    assertThat(launch("demo").output)
        .contains("-cp ./app/lockstep.jar:./sandbox/* dev.lockstep.Sandbox demo");
  }

  @Test
  void namesWhatIsMissingInOneLine() throws Exception {
    Files.writeString(dir.resolve("jdk/release"), "JAVA_VERSION=\"11.0.2\"\n");
    assertRefused(launch("run"), "is version 11; Lockstep needs 17 or newer");
    Files.writeString(dir.resolve("jdk/release"), "JAVA_VERSION=\"1.8.0_312\"\n");
    assertRefused(launch("run"), "is version 8");
    Files.writeString(dir.resolve("jdk/release"), "JAVA_VERSION=\"21\"\n");
    assertThat(launch("--version").exitCode).isZero();
    Files.delete(bin.resolve("java"));
    assertRefused(launch("run"), "JAVA_HOME");
  }

  @Test
  void saysThatTheBuildFailed() throws Exception {
    script("mvn", "echo \"[ERROR] it does not compile\"; exit 1");
    Run run = launch("run");
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output).contains("[ERROR] it does not compile", "lockstep: the build failed");
  }

  /** An archive of classes that another Java made is an error to this one. */
  @Test
  void usesNoArchiveOfAnotherJava() throws Exception {
    launch("--version");
    Files.writeString(project.resolve("target/app/lockstep-JAVA_VERSION_25_.jsa"), "x");
    assertThat(launch("--version").output).doesNotContain("SharedArchiveFile");
  }

  @Test
  void usesNoArchiveWhileItRecordsFromTheStart() throws Exception {
    script("java", WARMS_UP + "echo java \"$@\"");
    launch("run");
    options.put("LOCKSTEP_JAVA_OPTS", "-XX:StartFlightRecording=filename=x.jfr");
    assertThat(launch("run").output)
        .contains("-XX:StartFlightRecording=filename=x.jfr -jar")
        .doesNotContain("SharedArchiveFile");
    options.put("LOCKSTEP_JAVA_OPTS", "-Xmx256m");
    assertThat(launch("run").output).contains("SharedArchiveFile", "-Xmx256m -jar");
  }

  private static void assertRefused(Run run, String why) {
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.output.lines()).hasSize(1);
    assertThat(run.output).startsWith("lockstep: ").contains(why);
  }

  private final Map<String, String> options = new HashMap<>();

  private record Run(int exitCode, String output) {}

  private Run launch(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(project.resolve("lockstep").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(caller.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", dir.resolve("jdk").toString());
    builder.environment().remove("LOCKSTEP_JAVA_OPTS");
    builder.environment().putAll(options);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), output);
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void old(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(LONG_AGO));
  }
}
