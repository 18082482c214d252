package dev.lockstep.postmortem;

import dev.lockstep.postmortem.PostmortemQueries.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which files of the folder can't be taken in, for people to ask for. Nothing of it needs to
 * outlive the process: after a restart each file is looked at again.
 */
class RejectedFiles {
  private final Map<String, Refusal> refusals = new ConcurrentSkipListMap<>();

  /**
   * @return whether that is news
   */
  boolean reject(Refusal refusal) {
    Refusal before = refusals.put(refusal.file(), refusal);
    return before == null || !before.problem().equals(refusal.problem());
  }

  void accept(String file) {
    refusals.remove(file);
  }

  /** Files that are gone are nobody's concern any more. */
  void retainAll(List<String> files) {
    refusals.keySet().retainAll(files);
  }

  List<Refusal> all() {
    return List.copyOf(refusals.values());
  }
}
