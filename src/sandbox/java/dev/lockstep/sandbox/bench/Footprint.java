package dev.lockstep.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Lockstep's processes take, from Linux's {@code /proc} (proc(5)); zeros elsewhere. Java's
 * memory is its resident set; PostgreSQL's is the proportional set of all its processes, since they
 * share most of theirs.
 *
 * @param javaCpuTicks processor time so far, in hundredths of a second
 * @param postgresCpuTicks likewise
 */
record Footprint(long javaBytes, long postgresBytes, long javaCpuTicks, long postgresCpuTicks) {
  private static final Path PROC = Path.of("/proc");

  static Footprint of(ProcessHandle java, Path postmasterPid) {
    List<ProcessHandle> postgres = postgres(postmasterPid);
    return new Footprint(
        kilobytes(java, "status", "VmRSS:") * 1024,
        postgres.stream().mapToLong(p -> kilobytes(p, "smaps_rollup", "Pss:") * 1024).sum(),
        cpuTicks(java),
        postgres.stream().mapToLong(Footprint::cpuTicks).sum());
  }

  long bytes() {
    return javaBytes + postgresBytes;
  }

  private static List<ProcessHandle> postgres(Path pidFile) {
    try {
      long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
      return ProcessHandle.of(pid).stream()
          .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
          .toList();
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  private static long kilobytes(ProcessHandle process, String file, String label) {
    try (Stream<String> lines = Files.lines(PROC.resolve(process.pid() + "/" + file))) {
      return lines
          .filter(line -> line.startsWith(label))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  /** Its own, and that of children it has waited for. */
  static long cpuTicks(ProcessHandle process) {
    try {
      String stat = Files.readString(PROC.resolve(process.pid() + "/stat"));
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int field = 11; field <= 14; field++) {
        ticks += Long.parseLong(afterName[field]);
      }
      return ticks;
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }
}
