package dev.lockstep.postmortem.parse;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An action item: a task that follows from an incident.
 *
 * @param line first line in the file, from 1
 * @param id as stated in the document ({@code AI-3}, the cell of an ID column)
 * @param title plain text on one line, never empty and without HTML
 * @param excerpt its Markdown source with nested detail, without HTML; for a table its header and
 *     row
 * @param owner without the leading {@code @}
 * @param due only a date that is labeled or placed as a due date
 * @param ticket a Jira key, else the URL of an issue or a pull request
 * @param priority as written in the document
 * @param labels of headings, columns and groups above it, outermost first
 * @param problems what could not be read, each with its correction
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
    // Not Set.copyOf: its order differs from one JVM start to the next.
    labels = Collections.unmodifiableSet(new LinkedHashSet<>(labels));
    problems = List.copyOf(problems);
  }

  public boolean done() {
    return status == Status.DONE;
  }
}
