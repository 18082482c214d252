package dev.lockstep.sandbox.jira;

import dev.lockstep.sandbox.jira.WorkflowStatus.Category;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The statuses of a project's issues and the transitions between them. Built before it is given to
 * a project, and not changed afterwards.
 */
public final class Workflow {

  /**
   * A transition to a status.
   *
   * @param from names of statuses it is open from; empty: from all
   * @param screen fields that may be sent with it
   * @param required fields of the screen that must be there afterwards
   */
  public record Transition(
      String id,
      String name,
      Set<String> from,
      String to,
      Set<String> screen,
      Set<String> required,
      boolean setsResolution) {

    boolean openFrom(String status) {
      return from.isEmpty() || from.contains(status);
    }
  }

  private final Map<String, Category> statuses = new LinkedHashMap<>();
  private final List<Transition> transitions = new ArrayList<>();

  private Workflow() {}

  /** Without statuses; the first one added is where issues begin. */
  public static Workflow empty() {
    return new Workflow();
  }

  /** To Do, In Progress, Done; each open from everywhere, as a team-managed project begins. */
  public static Workflow simple() {
    return empty()
        .status("To Do", Category.TO_DO)
        .status("In Progress", Category.IN_PROGRESS)
        .status("Done", Category.DONE)
        .transition("11", "To Do", List.of(), "To Do")
        .transition("21", "In Progress", List.of(), "In Progress")
        .transition("31", "Done", List.of(), "Done")
        .setsResolution("Done");
  }

  /**
   * Open, In Progress, Pending, Resolved, Closed. Nothing leads from Open to Resolved, resolving
   * needs a resolution, and a closed issue stays closed.
   */
  public static Workflow incidents() {
    return empty()
        .status("Open", Category.TO_DO)
        .status("In Progress", Category.IN_PROGRESS)
        .status("Pending", Category.IN_PROGRESS)
        .status("Resolved", Category.DONE)
        .status("Closed", Category.DONE)
        .transition("11", "Start progress", List.of("Open"), "In Progress")
        .transition("21", "Wait", List.of("In Progress"), "Pending")
        .transition("31", "Resume", List.of("Pending"), "In Progress")
        .transition("41", "Back to queue", List.of("In Progress", "Pending"), "Open")
        .transition("51", "Resolve", List.of("In Progress", "Pending"), "Resolved")
        .screen("Resolve", "resolution", "assignee", "comment")
        .requires("Resolve", "resolution")
        .transition("61", "Close", List.of("Resolved"), "Closed")
        .transition("71", "Reopen", List.of("Resolved"), "In Progress");
  }

  public Workflow status(String name, Category category) {
    statuses.put(name, category);
    return this;
  }

  /**
   * Adds a transition.
   *
   * @param from empty: from everywhere
   */
  public Workflow transition(String id, String name, List<String> from, String to) {
    if (!statuses.containsKey(to) || !statuses.keySet().containsAll(from)) {
      throw new IllegalArgumentException(name + " names a status that the workflow does not have");
    }
    transitions.add(new Transition(id, name, Set.copyOf(from), to, Set.of(), Set.of(), false));
    return this;
  }

  /** Removes a transition. */
  public Workflow without(String transition) {
    transitions.remove(named(transition));
    return this;
  }

  /** Puts fields on a transition's screen, {@code comment} among them. */
  public Workflow screen(String transition, String... fields) {
    return replace(transition, Set.of(fields), Set.of(), false);
  }

  /** Makes a transition refuse to be made while one of these is empty; puts them on its screen. */
  public Workflow requires(String transition, String... fields) {
    return replace(transition, Set.of(fields), Set.of(fields), false);
  }

  /** Makes a transition set the resolution to Done by itself. */
  public Workflow setsResolution(String transition) {
    return replace(transition, Set.of(), Set.of(), true);
  }

  Map<String, Category> statuses() {
    return statuses;
  }

  List<Transition> transitions() {
    return transitions;
  }

  String first() {
    return statuses.keySet().iterator().next();
  }

  private Workflow replace(
      String name, Set<String> moreOnScreen, Set<String> moreRequired, boolean resolves) {
    Transition old = named(name);
    Set<String> screen = new LinkedHashSet<>(old.screen());
    screen.addAll(moreOnScreen);
    Set<String> required = new HashSet<>(old.required());
    required.addAll(moreRequired);
    transitions.set(
        transitions.indexOf(old),
        new Transition(
            old.id(),
            old.name(),
            old.from(),
            old.to(),
            screen,
            required,
            old.setsResolution() || resolves));
    return this;
  }

  private Transition named(String name) {
    return transitions.stream()
        .filter(transition -> transition.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no transition " + name));
  }
}
