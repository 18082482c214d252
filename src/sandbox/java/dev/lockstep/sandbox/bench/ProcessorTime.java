package dev.lockstep.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processor time so far, in hundredths of a second over all processors, from Linux's {@code
 * /proc/stat} (proc(5)); zeros elsewhere.
 *
 * @param benchmark of this process: generator and simulators
 * @param lockstep of Java and PostgreSQL
 * @param busy of all processes of the machine, and what its hypervisor gave to others
 * @param available busy or not
 */
record ProcessorTime(long benchmark, long lockstep, long busy, long available) {

  static ProcessorTime now(Footprint footprint) {
    long lockstep = footprint.javaCpuTicks() + footprint.postgresCpuTicks();
    long[] machine = machine();
    return new ProcessorTime(
        Footprint.cpuTicks(ProcessHandle.current()), lockstep, machine[0], machine[1]);
  }

  /** Busy and all. */
  private static long[] machine() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/stat"));
      return parse(lines.get(0));
    } catch (IOException | RuntimeException e) {
      return new long[2];
    }
  }

  /** From the line {@code cpu user nice system idle iowait irq softirq steal guest guest_nice}. */
  static long[] parse(String line) {
    String[] fields = line.strip().split("\\s+", -1);
    long all = 0;
    for (int field = 1; field <= 8; field++) {
      all += Long.parseLong(fields[field]);
    }
    return new long[] {all - Long.parseLong(fields[4]) - Long.parseLong(fields[5]), all};
  }

  ProcessorTime since(ProcessorTime before) {
    return new ProcessorTime(
        benchmark - before.benchmark,
        lockstep - before.lockstep,
        busy - before.busy,
        available - before.available);
  }

  /** Percent of the machine's processors that the benchmark took. */
  double benchmarkShare() {
    return share(benchmark);
  }

  double lockstepShare() {
    return share(lockstep);
  }

  /** Of processes that have to do with neither. */
  double othersShare() {
    return Math.max(0, share(busy - benchmark - lockstep));
  }

  double busyShare() {
    return share(busy);
  }

  private double share(long ticks) {
    return available == 0 ? 0 : 100.0 * ticks / available;
  }
}
