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
 * An action item as its source says it.
 *
 * @param id the id the source gives it; null when it gives none
 * @param line where it stands in a document; 0 where there is none
 * @param owner as written: an e-mail address, a user name, a full name or a handle
 * @param ticket an issue that exists already: its key, or its address
 * @param status how far its source says it is
 * @param problems what could not be read of it, one sentence each
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

  /** One that is open or done. */
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

  /** The same; of what it leaves out, what another one says. */
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

  /** The same without its ticket, and why. */
  SourceItem withoutTicket(String why) {
    List<String> more = new ArrayList<>(problems);
    more.add(why);
    return new SourceItem(
        id, line, title, description, owner, due, priority, labels, null, status, more);
  }
}
