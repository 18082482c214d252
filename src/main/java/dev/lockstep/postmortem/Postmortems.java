package dev.lockstep.postmortem;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.SourceItem;
import dev.lockstep.postmortem.parse.ParseProblem;
import java.util.List;

/** Takes postmortems in, whatever they were written in. */
public interface Postmortems {

  /**
   * A postmortem as it was received.
   *
   * @param name by which it is known when it comes again; empty: by its incident
   * @param url where a person reads it; may be empty
   * @param incident what it names as its incident, in any system's words
   * @param line where it names it; 0 if that is not known
   * @param body as it was received
   * @param problems what could not be read of it, apart from what stands with its items
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
   * What was made of it.
   *
   * @param waiting its incident could not be asked for just now: its items are filed, and joined to
   *     the incident as soon as that can be
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

  /** It was not taken in; nothing of it was kept. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int line;

    public Refused(int line, String message) {
      super(message);
      this.line = line;
    }

    /** Where in the document; 0 if it is about no line. */
    public int line() {
      return line;
    }
  }

  /**
   * Takes it in, or, if it is known, what changed in it. Sent twice it is there once.
   *
   * @throws Refused when its incident does not exist, or has another postmortem
   */
  Receipt receive(Received postmortem);
}
