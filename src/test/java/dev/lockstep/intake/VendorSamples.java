package dev.lockstep.intake;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** PagerDuty's own sample payloads, not part of this project: tests on them skip without them. */
public final class VendorSamples {
  private VendorSamples() {}

  public static Path folder() {
    String shared =
        Optional.ofNullable(System.getProperty("LOCKSTEP_SHARED"))
            .or(() -> Optional.ofNullable(System.getenv("LOCKSTEP_SHARED")))
            .orElse("../shared");
    Path folder = Path.of(shared, "samples", "pagerduty", "webhooks-v3");
    assumeTrue(Files.isDirectory(folder), "no vendor samples at " + folder);
    return folder;
  }

  static List<Path> payloads() {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.endsWith("signature-vectors.json"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
