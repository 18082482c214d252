package dev.lockstep.postmortem.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The follow-up work of a postmortem.
 *
 * @param incident the number, key or id that the document names first, without the URL around it
 * @param incidentLine where it names it; 1 if it names none
 * @param title its first heading, or the title in its front matter; empty if it has neither
 * @param items in the order of their lines
 * @param problems problems that do not belong to a single item, in the order of their lines
 */
public record Postmortem(
    @Nullable String incident,
    int incidentLine,
    String title,
    List<ParsedItem> items,
    List<ParseProblem> problems) {
  public Postmortem {
    items = List.copyOf(items);
    problems = List.copyOf(problems);
  }
}
