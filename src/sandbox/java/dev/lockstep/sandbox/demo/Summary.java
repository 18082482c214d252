package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a rehearsal came to; {@code docs/demo.md} says how each figure is counted. The names are
 * those of {@code summary.json}.
 */
record Summary(
    int pairs,
    int pairsInAgreement,
    Directions changesCarried,
    Directions notesCarried,
    long conflicts,
    long duplicatesCreated,
    long echoesWritten,
    Map<String, SortedMap<String, Long>> apiCalls,
    double writesPerChange,
    double readsPerChange,
    Lag lagMillis,
    Lag lagMillisUnderFaults,
    SortedMap<String, Act> acts,
    long deadLetters,
    SortedMap<String, Integer> faultsInjected,
    int restarts,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Duplicates duplicates,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Actions actions,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Issues issues,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Stakeholders stakeholders) {

  /** What {@code deadLetters} is when Lockstep could not be asked. */
  static final long UNKNOWN = -1;

  /**
   * What became of a postmortem's action items, read from the sandboxes.
   *
   * @param items in the postmortem
   * @param changes change requests there are
   * @param doubled more than one for an item
   * @param needOwner items the incident was told to have no owner
   * @param needDueDate items the incident was told to have no date
   * @param deployed changes closed successful
   * @param failed changes closed unsuccessful
   * @param warnings that the incident was closed too early
   * @param issues of Jira that Lockstep created or wrote to
   * @param issuesInStep of these, as their change is, and told once how it ended
   * @param traced items of the incident's trace that are as the sandboxes have them
   */
  record Actions(
      int items,
      int changes,
      int doubled,
      int needOwner,
      int needDueDate,
      int deployed,
      int failed,
      int warnings,
      int issues,
      int issuesInStep,
      int traced) {}

  /**
   * The issues of Jira that are incidents.
   *
   * @param linked stand for a ticket
   * @param inAgreement of these, without a difference from ticket and incident
   * @param notesWritten comments of people on them
   */
  record Issues(int linked, int inAgreement, int notesWritten) {
    static Issues of(List<AgreementCheck.IssueVerdict> verdicts) {
      return new Issues(
          verdicts.size(),
          (int) verdicts.stream().filter(AgreementCheck.IssueVerdict::agrees).count(),
          (int)
              verdicts.stream()
                  .flatMap(verdict -> verdict.issue().lines().stream())
                  .filter(line -> !line.ours())
                  .count());
    }
  }

  /**
   * What became of the tickets and alerts that were about one outage, and of those that were not.
   *
   * @param tickets of clinics, about the outage
   * @param consolidated of these, are linked to the primary
   * @param accepted proposals a person accepted, without which the rest would not be linked
   * @param falseMerges linked or merged though they are about something else
   * @param missed of tickets and alerts
   * @param pagesOpened for the outage, ever
   * @param pagesLeft of these, not merged into another
   * @param commentsTold once each, on those that are linked to the primary
   * @param resolved once each, as the primary was
   */
  record Duplicates(
      int tickets,
      int alerts,
      int unrelated,
      int primaries,
      int consolidated,
      int accepted,
      int falseMerges,
      int missed,
      int pagesOpened,
      int pagesLeft,
      int commentsTold,
      int commentsMissing,
      int commentsDoubled,
      int resolved,
      int proposedLate,
      long apiCalls,
      double callsPerTicket) {}

  /**
   * What those were told who follow incidents without working on them.
   *
   * @param channels in Slack
   * @param messages of Lockstep in them
   * @param pageIncidents on the status page
   * @param pageUpdates of these
   * @param vendorTickets of the two incidents, at the vendor
   * @param doubled messages, updates and cards that stand there twice
   * @param leaked texts of the status page and of the vendor that say what is internal
   * @param reminders of updates that are due
   * @param escalations of updates that are overdue
   * @param updates that executives received
   * @param late of these, after an escalation
   * @param managers of the two incidents that are open at once
   */
  record Stakeholders(
      int channels,
      int messages,
      int pageIncidents,
      int pageUpdates,
      int vendorTickets,
      int doubled,
      int leaked,
      int reminders,
      int escalations,
      int updates,
      int late,
      int managers) {}

  /**
   * What an act took.
   *
   * @param changes and notes that were carried
   * @param writes calls to ServiceNow and PagerDuty that would change something
   * @param reads calls to them that ask
   */
  record Act(int changes, long writes, long reads) {
    double writesPerChange() {
      return per(writes);
    }

    double readsPerChange() {
      return per(reads);
    }

    private double per(long calls) {
      return changes == 0 ? 0 : Math.round(100.0 * calls / changes) / 100.0;
    }
  }

  /** By the way they went. */
  record Directions(int itsmToPlatform, int platformToItsm) {
    int both() {
      return itsmToPlatform + platformToItsm;
    }
  }

  /** From a change in one sandbox to its counterpart in the other, in milliseconds. */
  record Lag(long p50, long p95, long p99) {

    /** All zero when there is nothing to rank. */
    static Lag of(List<Duration> lags) {
      long[] millis = lags.stream().mapToLong(Duration::toMillis).sorted().toArray();
      return new Lag(rank(millis, 50), rank(millis, 95), rank(millis, 99));
    }

    /** The smallest value that so many percent do not exceed. */
    private static long rank(long[] sorted, int percent) {
      int rank = (int) Math.ceil(sorted.length * percent / 100.0);
      return sorted.length == 0 ? 0 : sorted[Math.max(0, rank - 1)];
    }
  }

  /** Whether nothing is left to be said against it. */
  boolean good() {
    return pairs > 0
        && pairsInAgreement == pairs
        && (issues == null || issues.inAgreement() == issues.linked())
        && duplicatesCreated == 0
        && echoesWritten == 0
        && deadLetters == 0;
  }

  /**
   * @throws IOException when it can't be written
   */
  void writeTo(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this)
            + System.lineSeparator());
  }
}
