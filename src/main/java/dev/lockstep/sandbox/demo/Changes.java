package dev.lockstep.sandbox.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What became of action items, judged by the change requests the sandbox holds. Pure. */
record Changes(Summary.Actions figures, List<String> problems) {
  Changes {
    problems = List.copyOf(problems);
  }

  /**
   * @param items that were in the postmortem
   * @param changes ServiceNow's change requests
   * @param told the work notes of the incident
   */
  static Changes of(int items, List<Map<String, String>> changes, List<String> told) {
    Set<String> correlations = new HashSet<>();
    int doubled = 0;
    int deployed = 0;
    int failed = 0;
    List<String> problems = new ArrayList<>();
    for (Map<String, String> change : changes) {
      String number = change.getOrDefault("number", "");
      if (!correlations.add(change.getOrDefault("correlation_id", ""))) {
        doubled++;
        problems.add(number + " was created twice for one action item");
      }
      if (change.getOrDefault("assigned_to", "").isEmpty()
          || change.getOrDefault("requested_by_date", "").isEmpty()) {
        problems.add(number + " has no owner or no date");
      }
      boolean closed = "3".equals(change.get("state"));
      deployed += closed && "successful".equals(change.get("close_code")) ? 1 : 0;
      failed += closed && "unsuccessful".equals(change.get("close_code")) ? 1 : 0;
    }
    int noOwner = count(told, "needs owner");
    int noDate = count(told, "needs due date");
    int warnings = count(told, "It was closed while this is missing");
    if (changes.size() != 3 || deployed != 1 || failed != 1 || warnings != 1) {
      problems.add(
          "of three changes one is to be deployed and one to fail, and one warning given: %d, %d, %d, %d"
              .formatted(changes.size(), deployed, failed, warnings));
    }
    return new Changes(
        new Summary.Actions(
            items,
            changes.size(),
            doubled,
            noOwner > 0 ? 1 : 0,
            noDate > 0 ? 1 : 0,
            deployed,
            failed,
            warnings),
        problems);
  }

  private static int count(List<String> notes, String text) {
    return (int) notes.stream().filter(note -> note.contains(text)).count();
  }
}
