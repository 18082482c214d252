package dev.lockstep.postmortem.parse;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An action item: something that somebody is to do because of an incident.
 *
 * @param line of the file where it begins, from 1 on
 * @param id as the document states it ({@code AI-3}, the cell of an ID column)
 * @param title plain text on one line, never empty and without HTML
 * @param excerpt its own Markdown with nested detail, without HTML; of a table its head and row
 * @param owner without the leading {@code @}
 * @param due only what is labelled or placed as a due date
 * @param ticket a Jira key, else the address of an issue or a pull request
 * @param priority in the document's words
 * @param labels of headings, columns and groups above it, outermost first
 * @param problems what could not be read of it; each says how to mend it
 */
public record ParsedItem(
    int line,
    @Nullable String id,
    String title,
    String excerpt,
    @Nullable String owner,
    @Nullable LocalDate due,
    @Nullable String ticket,
    @Nullable String priority,
    Set<String> labels,
    Status status,
    List<String> problems) {
  public ParsedItem {
    // Not Set.copyOf: its order differs from one start of Java to the next.
    labels = Collections.unmodifiableSet(new LinkedHashSet<>(labels));
    problems = List.copyOf(problems);
  }

  public boolean done() {
    return status == Status.DONE;
  }
}
