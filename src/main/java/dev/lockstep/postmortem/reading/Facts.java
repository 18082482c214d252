package dev.lockstep.postmortem.reading;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of an item while it is being read. */
final class Facts {
  String title = "";
  @Nullable String id;
  @Nullable String owner;
  @Nullable LocalDate due;
  @Nullable String ticket;
  @Nullable String priority;
  boolean checkbox;
  boolean done;

  /** Something stands where a due date would, readable or not. */
  boolean dueStated;

  final Set<String> labels = new LinkedHashSet<>();
  final Set<String> problems = new LinkedHashSet<>();

  /** Names somebody, a day or a ticket, so it is meant to be followed up by itself. */
  boolean standsAlone() {
    return checkbox || owner != null || dueStated || ticket != null;
  }

  void owners(List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    List<String> others = new ArrayList<>(new LinkedHashSet<>(names));
    if (owner == null) {
      owner = names.get(0);
    }
    others.remove(owner);
    if (!others.isEmpty()) {
      problems.add(
          "several owners, and only %s is taken, not %s; name one, or split the item"
              .formatted(owner, String.join(", ", others)));
    }
  }

  void due(Due read) {
    if (read.date() != null && due == null) {
      due = read.date();
    }
    if (read.problem() != null) {
      problems.add(read.problem());
    }
    dueStated |= read.date() != null || read.problem() != null;
  }

  void ticket(@Nullable String found) {
    if (ticket == null || (found != null && Tickets.isKey(found) && !Tickets.isKey(ticket))) {
      ticket = found;
    }
  }

  /**
   * Takes what a label or a column of this kind holds.
   *
   * @return whether it could be made use of
   */
  boolean take(Field field, Text value) {
    String line = value.line();
    if (Words.PLACEHOLDER.matcher(line).find()) {
      problems.add(
          "template placeholder «%s» where the %s belongs; fill it in or take it out"
              .formatted(Words.brief(line), field.word()));
      return true;
    }
    switch (field) {
      case OWNER -> owners(Owners.named(value.text()));
      case DUE -> due(Due.read(value.text()));
      case TICKET -> {
        String stated = Tickets.stated(value);
        if (stated == null && !Words.isNothing(line)) {
          problems.add(
              "the ticket «%s» is neither a Jira key nor the address of an issue; write OPS-12 or https://…"
                  .formatted(Words.brief(line)));
          return false;
        }
        ticket(stated);
      }
      case PRIORITY -> priority = priority == null && !Words.isNothing(line) ? line : priority;
      case STATUS -> done |= Words.isDone(line);
      case ID -> id = id == null && !Words.isNothing(line) ? line : id;
      case LABEL -> {
        for (String label : line.split("\\s*[,;]\\s*")) {
          if (!Words.isNothing(label)) {
            labels.add(label);
          }
        }
      }
      case ACTION, TIME, QUESTION, OTHER -> {
        return false;
      }
    }
    return true;
  }

  Item item(int line, String excerpt, List<String> headings) {
    Set<String> all = new LinkedHashSet<>(headings);
    all.addAll(labels);
    return new Item(
        line, id, title, excerpt, owner, due, ticket, priority, all, done, List.copyOf(problems));
  }
}
