package dev.lockstep.postmortem;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.parse.ParseProblem;
import java.util.List;

/** Imports postmortems of any format. */
public interface Postmortems {

  /**
   * A received postmortem.
   *
   * @param name identifies it when it is sent again; if empty, its incident does
   * @param url where it can be read; may be empty
   * @param incident its incident, by any system's key or id
   * @param line where it names the incident; 0 if unknown
   * @param body as it was received
   * @param problems what could not be read, other than problems of single items
   */
  record Received(
      String name,
      String title,
      String url,
      String incident,
      int line,
      List<SourceItem> items,
      String body,
      List<ParseProblem> problems) {
    public Received {
      items = List.copyOf(items);
      problems = List.copyOf(problems);
    }
  }

  /**
   * The result of an import.
   *
   * @param waiting its incident could not be looked up: its items are stored and will be linked to
   *     the incident as soon as it can be found
   */
  record Receipt(
      long id,
      String incident,
      boolean waiting,
      List<ActionItem> items,
      int added,
      int updated,
      int cancelled) {
    public Receipt {
      items = List.copyOf(items);
    }
  }

  /** The document was refused; nothing of it was stored. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    public Refused(int line, String message) {
      super(message);
      this.line = line;
    }

    /** Line in the document; 0 if there is none. */
    public int line() {
      return line;
    }
  }

  /**
   * Imports it, or the changes if it is known. Idempotent.
   *
   * @param by who sends it, for the audit; empty for a file of the folder
   * @throws Refused if its incident does not exist, or has another postmortem
   */
  Receipt receive(Received postmortem, String by);
}
