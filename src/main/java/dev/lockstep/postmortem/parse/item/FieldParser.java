package dev.lockstep.postmortem.parse.item;

import dev.lockstep.postmortem.parse.Status;
import dev.lockstep.postmortem.parse.markdown.InlineText;
import dev.lockstep.postmortem.parse.markdown.TemplatePlaceholders;
import dev.lockstep.postmortem.parse.vocabulary.ColumnRole;
import dev.lockstep.postmortem.parse.vocabulary.Lexicon;
import dev.lockstep.postmortem.parse.vocabulary.TicketPatterns;

/** Parses a value after a label, or in a column, into the field of an item. */
public final class FieldParser {
  private final ItemBuilder facts;
  private final Lexicon lexicon;

  public FieldParser(ItemBuilder facts) {
    this.facts = facts;
    this.lexicon = facts.lexicon();
  }

  /**
   * Sets a field; a value that cannot be used is reported.
   *
   * @return whether the field is one of an item and the value could be used
   */
  public boolean set(ColumnRole field, InlineText value) {
    String line = value.line();
    if (TemplatePlaceholders.PLACEHOLDER.matcher(line).find()) {
      facts.problem(
          "template placeholder \"%s\" instead of the %s; fill it in or remove it"
              .formatted(TemplatePlaceholders.brief(line), field.key()));
      return true;
    }
    boolean empty = lexicon.isEmptyValue(line);
    switch (field) {
      case OWNER -> facts.owners(lexicon.owners().findOwners(value));
      case DUE -> {
        if (!empty) {
          facts.due(lexicon.parseDueDate(value.text()));
        }
      }
      case TICKET -> {
        return empty || setTicket(value);
      }
      case PRIORITY -> {
        if (!empty) {
          facts.priority(line);
        }
      }
      case STATUS -> {
        if (!empty || lexicon.statuses().parseExact(line) != null) {
          facts.status(lexicon.statuses().read(line), line);
        }
      }
      case ID -> {
        if (!empty && facts.id() == null) {
          facts.id(line);
        }
      }
      case LABEL -> addLabels(line);
      case ACTION, TIME, QUESTION, OTHER -> {
        return false;
      }
    }
    return true;
  }

  private void addLabels(String line) {
    for (String label : line.split("[,;]")) {
      if (!lexicon.isEmptyValue(label)) {
        facts.label(label.strip());
      }
    }
  }

  /** A ticket, optionally followed by a status: {@code n/a **DONE**}. */
  private boolean setTicket(InlineText value) {
    String found = TicketPatterns.findTicket(value);
    String rest = found == null ? value.line() : TicketPatterns.without(value);
    int space = rest.lastIndexOf(' ') + 1;
    String last = rest.substring(space);
    Status status = lexicon.statuses().parseExact(last);
    if (status != null && last.length() > 2) {
      facts.status(status, last);
      rest = rest.substring(0, space).strip();
    } else if (found != null && lexicon.statuses().read(rest) != Status.UNCLEAR) {
      facts.status(lexicon.statuses().read(rest), rest);
    }
    if (found == null && !lexicon.isEmptyValue(rest)) {
      facts.problem(
          "the ticket \"%s\" is neither a Jira key nor the URL of an issue; write OPS-12 or https://…"
              .formatted(TemplatePlaceholders.brief(rest)));
      return false;
    }
    facts.ticket(found);
    return true;
  }
}
