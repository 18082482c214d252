package dev.lockstep.postmortem.actionitem;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lockstep.postmortem.parse.Status;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An action item as its source reported it.
 *
 * @param id the id given by the source; null if it gives none
 * @param line its line in a document; 0 if there is none
 * @param owner as written: an e-mail address, a user name, a full name or a handle
 * @param ticket an existing issue: its key, or its address
 * @param status its status according to the source
 * @param problems what could not be read, one sentence each
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SourceItem(
    @Nullable String id,
    int line,
    String title,
    String description,
    @Nullable String owner,
    @Nullable LocalDate due,
    @Nullable String priority,
    Set<String> labels,
    @Nullable String ticket,
    Status status,
    List<String> problems) {

  @JsonCreator
  public SourceItem {
    labels = labels == null ? Set.of() : Set.copyOf(labels);
    problems = problems == null ? List.of() : List.copyOf(problems);
    status = status == null ? Status.OPEN : status;
  }

  /** An open or done item. */
  public SourceItem(
      @Nullable String id,
      int line,
      String title,
      String description,
      @Nullable String owner,
      @Nullable LocalDate due,
      @Nullable String priority,
      Set<String> labels,
      @Nullable String ticket,
      boolean done,
      List<String> problems) {
    this(
        id,
        line,
        title,
        description,
        owner,
        due,
        priority,
        labels,
        ticket,
        done ? Status.DONE : Status.OPEN,
        problems);
  }

  public boolean done() {
    return status == Status.DONE;
  }

  /** A copy in which missing values are taken from another item. */
  public SourceItem withDefaultsFrom(SourceItem other) {
    return new SourceItem(
        id,
        line,
        title,
        description,
        owner == null ? other.owner : owner,
        due == null ? other.due : due,
        priority == null ? other.priority : priority,
        labels,
        ticket,
        status,
        problems);
  }

  /** A copy without its ticket, with the reason as a problem. */
  SourceItem withoutTicket(String why) {
    List<String> more = new ArrayList<>(problems);
    more.add(why);
    return new SourceItem(
        id, line, title, description, owner, due, priority, labels, null, status, more);
  }
}
