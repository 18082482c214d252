package dev.lockstep.sandbox.servicenow;

import java.util.Map;
import java.util.TreeMap;

/** Counts calls as they come in. Thread-safe. */
final class CallCounter {
  private final Map<String, Long> byMethod = new TreeMap<>();
  private final Map<String, Long> byPath = new TreeMap<>();
  private long emptyWrites;
  private long tokens;

  synchronized void met(Call call) {
    String path = call.path().replaceAll("[0-9a-f]{32}", "{sys_id}");
    byPath.merge(call.method() + ' ' + path, 1L, Long::sum);
    if (path.equals(Instance.TOKEN_PATH)) {
      tokens++;
    } else {
      byMethod.merge(call.method(), 1L, Long::sum);
    }
  }

  synchronized void emptyWrite() {
    emptyWrites++;
  }

  synchronized Calls counted() {
    long reads = byMethod.getOrDefault("GET", 0L);
    long all = byMethod.values().stream().mapToLong(Long::longValue).sum();
    return new Calls(
        new TreeMap<>(byMethod), new TreeMap<>(byPath), reads, all - reads, emptyWrites, tokens);
  }
}
