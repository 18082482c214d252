package dev.lockstep.sandbox.demo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Checks the action items against the change requests and the issues the sandboxes hold. Pure. */
record ActionItemCheck(Summary.Actions figures, List<String> problems) {
  private static final Pattern ITEM = Pattern.compile("AI-\\d+");

  ActionItemCheck {
    problems = List.copyOf(problems);
  }

  /**
   * A change request as ServiceNow holds it.
   *
   * @param item the action item it says it was made for
   * @param owner an e-mail address; empty for nobody
   * @param due a day; may be empty
   */
  record Request(
      String number,
      String title,
      String item,
      String owner,
      String due,
      String state,
      String closeCode) {

    boolean deployed() {
      return state.equals("3") && closeCode.equals("successful");
    }

    boolean failed() {
      return state.equals("3") && closeCode.equals("unsuccessful");
    }

    /** How Lockstep is to tell of its end; empty while it has none. */
    String end() {
      return deployed()
          ? "deployed: " + number + " was closed successful"
          : failed() ? "open again: " + number + " was closed unsuccessful" : "";
    }

    /** Where an issue stands that follows it. */
    String status() {
      return deployed() ? "Done" : failed() ? "To Do" : "In Progress";
    }
  }

  /**
   * An issue as Jira holds it.
   *
   * @param owner an e-mail address; empty for nobody
   * @param due a day; may be empty
   * @param comments Lockstep's
   */
  record Issue(
      String key, String title, String status, String owner, String due, List<String> comments) {
    Issue {
      comments = List.copyOf(comments);
    }
  }

  /**
   * @param items that were in the postmortem
   * @param requests all there are
   * @param told the work notes of the incident
   * @param issues all in which Lockstep wrote, or that it created
   * @param traced what the incident's trace shows of them
   */
  static ActionItemCheck of(
      int items, List<Request> requests, List<String> told, List<Issue> issues, TraceCheck traced) {
    List<String> problems = new ArrayList<>();
    Set<String> planned = new HashSet<>();
    for (Request request : requests) {
      if (!planned.add(request.item())) {
        problems.add(request.number() + " was created twice for one action item");
      }
      if (request.owner().isEmpty() || request.due().isEmpty()) {
        problems.add(request.number() + " has no owner or no date");
      }
    }
    int inStep = 0;
    for (Issue issue : issues) {
      List<String> differences = differences(issue, requests);
      inStep += differences.isEmpty() ? 1 : 0;
      problems.addAll(differences);
    }
    Summary.Actions figures =
        new Summary.Actions(
            items,
            requests.size(),
            requests.size() - planned.size(),
            itemsTold(told, "needs owner"),
            itemsTold(told, "needs due date"),
            (int) requests.stream().filter(Request::deployed).count(),
            (int) requests.stream().filter(Request::failed).count(),
            (int)
                told.stream()
                    .filter(note -> note.contains("It was closed, but these are missing"))
                    .count(),
            issues.size(),
            inStep,
            traced.items());
    problems.addAll(traced.problems());
    problems.addAll(amiss(figures));
    return new ActionItemCheck(figures, problems);
  }

  /** How an issue and its change differ, one line for each thing. */
  private static List<String> differences(Issue issue, List<Request> requests) {
    Optional<Request> followed =
        requests.stream().filter(request -> request.title().equals(issue.title())).findFirst();
    if (followed.isEmpty()) {
      return List.of(issue.key() + " was written to, and no action item names it");
    }
    Request request = followed.get();
    List<String> differences = new ArrayList<>();
    differ(issue, "status", issue.status(), request.status(), differences);
    differ(issue, "owner", issue.owner(), request.owner(), differences);
    differ(issue, "due date", issue.due(), request.due(), differences);
    long ends =
        issue.comments().stream()
            .filter(comment -> !request.end().isEmpty() && comment.contains(request.end()))
            .count();
    if (ends != (request.end().isEmpty() ? 0 : 1)) {
      differences.add(
          "%s tells the end of %s %d times".formatted(issue.key(), request.number(), ends));
    }
    if (new HashSet<>(issue.comments()).size() < issue.comments().size()) {
      differences.add(issue.key() + " has a comment twice");
    }
    return differences;
  }

  private static void differ(
      Issue issue, String what, String is, String wanted, List<String> differences) {
    if (!is.equals(wanted)) {
      differences.add(
          "%s has the %s «%s» instead of «%s»".formatted(issue.key(), what, is, wanted));
    }
  }

  /** How many items the incident was told to lack that, each counted once however often told. */
  private static int itemsTold(List<String> notes, String what) {
    return (int)
        notes.stream()
            .flatMap(String::lines)
            .filter(line -> line.contains(what))
            .flatMap(line -> ITEM.matcher(line).results().limit(1))
            .map(MatchResult::group)
            .distinct()
            .count();
  }

  /** What of the postmortem was not played to its end. */
  private static List<String> amiss(Summary.Actions found) {
    Summary.Actions wanted = new Summary.Actions(5, 3, 0, 1, 1, 1, 1, 1, 1, 1, 5);
    return found.equals(wanted)
        ? List.of()
        : List.of("the action items are to come to %s, and came to %s".formatted(wanted, found));
  }
}
