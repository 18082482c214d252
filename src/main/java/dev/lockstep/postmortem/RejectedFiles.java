package dev.lockstep.postmortem;

import dev.lockstep.postmortem.PostmortemQueries.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.springframework.stereotype.Component;

/** The rejected files of the folder. In memory only: after a restart each file is checked again. */
@Component
class RejectedFiles {
  private final Map<String, Refusal> refusals = new ConcurrentSkipListMap<>();

  /**
   * @return whether the rejection is new
   */
  boolean reject(Refusal refusal) {
    Refusal before = refusals.put(refusal.file(), refusal);
    return before == null || !before.problem().equals(refusal.problem());
  }

  void accept(String file) {
    refusals.remove(file);
  }

  /** Forgets files that no longer exist. */
  void retainAll(List<String> files) {
    refusals.keySet().retainAll(files);
  }

  List<Refusal> all() {
    return List.copyOf(refusals.values());
  }
}
