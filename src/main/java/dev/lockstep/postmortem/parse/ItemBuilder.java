package dev.lockstep.postmortem.parse;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the fields of an item while it is parsed. */
final class ItemBuilder {
  final Lexicon lexicon;
  String title = "";
  @Nullable String id;
  @Nullable String owner;
  @Nullable LocalDate due;
  @Nullable String ticket;
  @Nullable String priority;
  boolean checkbox;
  boolean ticked;
  private Status status = Status.OPEN;
  private boolean statusStated;

  /** Text is present in the place of a due date, readable or not. */
  boolean dueStated;

  final Set<String> labels = new LinkedHashSet<>();
  final Set<String> problems = new LinkedHashSet<>();

  ItemBuilder(Lexicon lexicon) {
    this.lexicon = lexicon;
  }

  /** Names a person, a date or a ticket, so it is to be followed up on its own. */
  boolean standsAlone() {
    return checkbox || owner != null || dueStated || ticket != null;
  }

  boolean isDone() {
    return status() == Status.DONE;
  }

  /** Sets the stated status; words take precedence over a ticked box. */
  Status status() {
    return ticked && !statusStated ? Status.DONE : status;
  }

  boolean hasStatus() {
    return statusStated;
  }

  void status(Status parsed, String words) {
    if (statusStated && status != parsed) {
      problems.add(
          "two different statuses are given, one of them \"%s\"; keep one"
              .formatted(Placeholders.brief(words)));
      status = Status.UNCLEAR;
      return;
    }
    if (parsed == Status.UNCLEAR) {
      problems.add(
          "the status \"%s\" is not understood; write open, done or cancelled, or add the word to config/postmortem-words.yaml"
              .formatted(Placeholders.brief(words)));
    } else if (ticked && parsed == Status.OPEN) {
      problems.add(
          "the box is ticked, but the status is \"%s\"; change one of them"
              .formatted(Placeholders.brief(words)));
    }
    status = ticked && parsed == Status.OPEN ? Status.UNCLEAR : parsed;
    statusStated = true;
  }

  /** Merges the status from a column, whose problems are reported already. */
  void merge(ItemBuilder stated) {
    if (ticked && stated.status == Status.OPEN) {
      status(stated.status, stated.status.name().toLowerCase(Locale.ROOT));
    } else {
      status = statusStated && status != stated.status ? Status.UNCLEAR : stated.status;
      statusStated = true;
    }
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

  void due(DueDate read) {
    LocalDate date = read.date();
    if (date != null && due != null && !date.equals(due)) {
      problems.add(
          "several due dates, and only %s is taken, not %s; keep one of them".formatted(due, date));
    } else if (date != null) {
      due = date;
    }
    if (read.problem() != null) {
      problems.add(read.problem());
    }
    dueStated |= date != null || read.problem() != null;
    reportRest(read.rest(), "due date");
  }

  /** Reports text in a cell or after a label that does not belong there. */
  private void reportRest(String rest, String what) {
    if (rest.isEmpty() || lexicon.isEmptyValue(rest)) {
      return;
    }
    Status parsed = lexicon.statuses().read(rest);
    if (parsed != Status.UNCLEAR) {
      status(parsed, rest);
      return;
    }
    problems.add(
        "\"%s\" next to the %s is not read; write it in its own column or after its own label"
            .formatted(Placeholders.brief(rest), what));
  }

  void priority(String parsed) {
    if (priority != null && !priority.equalsIgnoreCase(parsed)) {
      problems.add(
          "several priorities, and only %s is taken, not %s; keep one of them"
              .formatted(priority, Placeholders.brief(parsed)));
      return;
    }
    priority = parsed;
  }

  void ticket(@Nullable String found) {
    if (ticket == null
        || (found != null && TicketPatterns.isKey(found) && !TicketPatterns.isKey(ticket))) {
      ticket = found;
    }
  }

  /**
   * Sets the field for a label or column of this kind.
   *
   * @return whether the value could be used
   */
  boolean setField(ColumnRole field, InlineText value) {
    String line = value.line();
    if (Placeholders.PLACEHOLDER.matcher(line).find()) {
      problems.add(
          "template placeholder \"%s\" instead of the %s; fill it in or remove it"
              .formatted(Placeholders.brief(line), field.key()));
      return true;
    }
    switch (field) {
      case OWNER -> owners(lexicon.owners().findOwners(value));
      case DUE -> {
        if (!lexicon.isEmptyValue(line)) {
          due(lexicon.dates().read(value.text()));
        }
      }
      case TICKET -> {
        return ticketOf(value);
      }
      case PRIORITY -> {
        if (!lexicon.isEmptyValue(line)) {
          priority(line);
        }
      }
      case STATUS -> {
        if (lexicon.statuses().parseExact(line) != null || !lexicon.isEmptyValue(line)) {
          status(lexicon.statuses().read(line), line);
        }
      }
      case ID -> id = id == null && !lexicon.isEmptyValue(line) ? line : id;
      case LABEL -> {
        for (String label : line.split("[,;]")) {
          if (!lexicon.isEmptyValue(label)) {
            labels.add(label.strip());
          }
        }
      }
      case ACTION, TIME, QUESTION, OTHER -> {
        return false;
      }
    }
    return true;
  }

  /** A ticket, optionally followed by a status: {@code n/a **DONE**}. */
  private boolean ticketOf(InlineText value) {
    String line = value.line();
    if (lexicon.isEmptyValue(line)) {
      return true;
    }
    String stated = TicketPatterns.findTicket(value);
    String rest = stated == null ? line : TicketPatterns.without(value);
    int space = rest.lastIndexOf(' ') + 1;
    Status parsed = lexicon.statuses().parseExact(rest.substring(space));
    if (parsed != null && rest.substring(space).length() > 2) {
      status(parsed, rest.substring(space));
      rest = rest.substring(0, space).strip();
    } else if (stated != null && lexicon.statuses().read(rest) != Status.UNCLEAR) {
      status(lexicon.statuses().read(rest), rest);
    }
    if (stated == null && !lexicon.isEmptyValue(rest)) {
      problems.add(
          "the ticket \"%s\" is neither a Jira key nor the URL of an issue; write OPS-12 or https://…"
              .formatted(Placeholders.brief(rest)));
      return false;
    }
    ticket(stated);
    return true;
  }

  ParsedItem build(int line, String excerpt, List<String> headings) {
    Set<String> all = new LinkedHashSet<>(headings);
    all.addAll(labels);
    return new ParsedItem(
        line,
        id,
        title,
        excerpt,
        owner,
        due,
        ticket,
        priority,
        all,
        status(),
        List.copyOf(problems));
  }
}
