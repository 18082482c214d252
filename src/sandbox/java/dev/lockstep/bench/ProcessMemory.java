package dev.lockstep.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** How much memory this process takes. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** The heap in use after a collection, in MiB. */
  static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }

  static String words() {
    return String.format(Locale.ROOT, "memory: %d MiB of heap in use%s", heap(), resident());
  }

  /** Heap, model and all; only Linux says. */
  private static String resident() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .map(mebibytes -> ", %d MiB resident".formatted(mebibytes))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
