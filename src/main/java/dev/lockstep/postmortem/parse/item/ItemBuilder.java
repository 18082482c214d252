package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.ParsedItem;
import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.DueDate;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.TicketPatterns;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the fields of an item while it is parsed, and reports contradictions. */
public final class ItemBuilder {
  private final Lexicon lexicon;
  private final Set<String> labels = new LinkedHashSet<>();
  private final Set<String> problems = new LinkedHashSet<>();
  private String title = "";
  private @Nullable String id;
  private @Nullable String owner;
  private @Nullable LocalDate due;
  private @Nullable String ticket;
  private @Nullable String priority;
  private boolean checkbox;
  private boolean ticked;
  private boolean dueStated;
  private boolean statusStated;
  private Status status = Status.OPEN;

  public ItemBuilder(Lexicon lexicon) {
    this.lexicon = lexicon;
  }

  public Lexicon lexicon() {
    return lexicon;
  }

  public String title() {
    return title;
  }

  public void title(String text) {
    title = text;
  }

  public @Nullable String id() {
    return id;
  }

  void id(String stated) {
    id = stated;
  }

  public boolean hasCheckbox() {
    return checkbox;
  }

  void checkbox() {
    checkbox = true;
  }

  /** The item is marked as done, which a stated status may contradict. */
  void tick() {
    ticked = true;
  }

  void label(String label) {
    labels.add(label);
  }

  public Set<String> problems() {
    return problems;
  }

  public void problem(String text) {
    problems.add(text);
  }

  /** Names a person, a date or a ticket. */
  public boolean hasFacts() {
    return owner != null || dueStated || ticket != null;
  }

  /** To be followed up on its own. */
  public boolean standsAlone() {
    return checkbox || hasFacts();
  }

  public boolean isDone() {
    return status() == Status.DONE;
  }

  public boolean isFinished() {
    return isDone() || status() == Status.CANCELLED;
  }

  /** The stated status; words take precedence over a ticked box. */
  Status status() {
    return ticked && !statusStated ? Status.DONE : status;
  }

  boolean hasStatus() {
    return statusStated;
  }

  void status(Status parsed, String words) {
    if (statusStated && status != parsed) {
      problem(
          "two different statuses are given, one of them \"%s\"; keep one"
              .formatted(TemplatePlaceholders.brief(words)));
      status = Status.UNCLEAR;
      return;
    }
    if (parsed == Status.UNCLEAR) {
      problem(
          "the status \"%s\" is not understood; write open, done or cancelled, or add the word to config/postmortem-words.yaml"
              .formatted(TemplatePlaceholders.brief(words)));
    } else if (ticked && parsed == Status.OPEN) {
      problem(
          "the box is ticked, but the status is \"%s\"; change one of them"
              .formatted(TemplatePlaceholders.brief(words)));
    }
    status = ticked && parsed == Status.OPEN ? Status.UNCLEAR : parsed;
    statusStated = true;
  }

  public @Nullable String owner() {
    return owner;
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
      problem(
          "several owners, and only %s is taken, not %s; name one, or split the item"
              .formatted(owner, String.join(", ", others)));
    }
  }

  /** Whether there is text in the place of a due date, readable or not. */
  public boolean isDueStated() {
    return dueStated;
  }

  public void due(DueDate read) {
    LocalDate date = read.date();
    if (date != null && due != null && !date.equals(due)) {
      problem(
          "several due dates, and only %s is taken, not %s; keep one of them".formatted(due, date));
    } else if (date != null) {
      due = date;
    }
    if (read.problem() != null) {
      problem(read.problem());
    }
    dueStated |= date != null || read.problem() != null;
    reportRest(read.rest());
  }

  /** Reports text next to a due date that does not belong there. */
  private void reportRest(String rest) {
    if (rest.isEmpty() || lexicon.isEmptyValue(rest)) {
      return;
    }
    Status parsed = lexicon.statuses().read(rest);
    if (parsed != Status.UNCLEAR) {
      status(parsed, rest);
      return;
    }
    problem(
        "\"%s\" next to the due date is not read; write it in its own column or after its own label"
            .formatted(TemplatePlaceholders.brief(rest)));
  }

  @Nullable String priority() {
    return priority;
  }

  void priority(String parsed) {
    if (priority != null && !priority.equalsIgnoreCase(parsed)) {
      problem(
          "several priorities, and only %s is taken, not %s; keep one of them"
              .formatted(priority, TemplatePlaceholders.brief(parsed)));
      return;
    }
    priority = parsed;
  }

  public @Nullable String ticket() {
    return ticket;
  }

  void ticket(@Nullable String found) {
    if (ticket == null
        || (found != null && TicketPatterns.isKey(found) && !TicketPatterns.isKey(ticket))) {
      ticket = found;
    }
  }

  /** Adds what a paragraph below the item says about it. */
  public void addParagraph(ItemBuilder paragraph) {
    if (owner == null && paragraph.owner != null) {
      owner = paragraph.owner;
    }
    if (paragraph.due != null) {
      due(DueDate.of(paragraph.due));
    }
    dueStated |= paragraph.dueStated;
    if (paragraph.statusStated) {
      status(paragraph.status(), "in a paragraph below it");
    }
    ticket(paragraph.ticket);
    if (paragraph.priority != null) {
      priority(paragraph.priority);
    }
    problems.addAll(paragraph.problems);
  }

  /** Adds the columns of a row, which take precedence over the text of the item. */
  public void addColumns(ItemBuilder columns) {
    id = columns.id == null ? id : columns.id;
    if (columns.owner != null) {
      String before = owner;
      owner = columns.owner;
      owners(before == null ? List.of() : List.of(before));
    }
    if (columns.dueStated) {
      LocalDate before = due;
      due = columns.due;
      dueStated = true;
      if (due != null && before != null) {
        due(DueDate.of(before));
      }
    }
    ticket = columns.ticket == null ? ticket : columns.ticket;
    priority = columns.priority == null ? priority : columns.priority;
    problems.addAll(columns.problems);
    if (columns.statusStated) {
      addStatus(columns.status);
    }
    labels.addAll(columns.labels);
  }

  /** A status whose own problems are reported already. */
  private void addStatus(Status stated) {
    if (ticked && stated == Status.OPEN) {
      status(stated, stated.name().toLowerCase(Locale.ROOT));
    } else {
      status = statusStated && status != stated ? Status.UNCLEAR : stated;
      statusStated = true;
    }
  }

  /**
   * The item as far as it was read.
   *
   * @param line first line in the file, from 1
   * @param headings labels of the headings and groups above the item
   */
  public ParsedItem build(int line, String excerpt, List<String> headings) {
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
