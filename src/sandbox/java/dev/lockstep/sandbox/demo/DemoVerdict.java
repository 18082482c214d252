package dev.lockstep.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.sandbox.ExpectationFailedException;
import dev.lockstep.sandbox.LockstepProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Judges, counts and says what became of it. */
final class DemoVerdict {
  private static final int MOST_PROBLEMS = 20;

  private final DemoReview review;
  private final LockstepProcess lockstep;
  private final DemoOutput output;

  DemoVerdict(DemoReview review, LockstepProcess lockstep, DemoOutput output) {
    this.review = review;
    this.lockstep = lockstep;
    this.output = output;
  }

  /** Writes the summary and prints it; returns whether all is well. */
  boolean judge(Path file, int restarts) {
    AgreementCheck.Result result = review.agreement();
    Optional<DuplicateCheck.Result> duplicates = review.consolidation(proposed());
    Optional<ActionItemCheck> handed =
        review.reviewed().map(number -> review.changes(trace(number)));
    Optional<StakeholderCheck.Result> informed = review.stakeholders();
    Summary summary = review.summary(result, duplicates, handed, informed, deadLetters(), restarts);
    try {
      summary.writeTo(file);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + file, e);
    }
    new SummaryPrinter(output).print(summary);
    List<String> wrong =
        Stream.of(
                duplicates.map(DuplicateCheck.Result::problems),
                handed.map(ActionItemCheck::problems),
                informed.map(StakeholderCheck.Result::problems))
            .flatMap(problems -> problems.orElse(List.of()).stream())
            .toList();
    boolean good = summary.good() && result.unlinked().isEmpty() && wrong.isEmpty();
    if (good) {
      output.good("All %d pairs agree; read from the sandboxes.".formatted(summary.pairs()));
      if (summary.issues() != null) {
        output.good("So do the %d issues in Jira.".formatted(summary.issues().linked()));
      }
      duplicates.map(DuplicateCheck.Result::figures).ifPresent(this::praise);
    } else {
      complain(result, summary);
      wrong.stream().limit(MOST_PROBLEMS).forEach(problem -> output.plain("  " + problem));
    }
    output.remark(file.toString());
    return good;
  }

  private long deadLetters() {
    try {
      return lockstep.running() ? lockstep.api().deadLetters() : Summary.UNKNOWN;
    } catch (ExpectationFailedException noAnswer) {
      return Summary.UNKNOWN;
    }
  }

  private Set<String> proposed() {
    try {
      return lockstep.running() ? Set.copyOf(lockstep.api().duplicates("PROPOSED")) : Set.of();
    } catch (ExpectationFailedException noAnswer) {
      return Set.of();
    }
  }

  /** Nothing where Lockstep could not be asked: then everything is missing in it. */
  private JsonNode trace(String number) {
    try {
      return lockstep.running() ? lockstep.api().trace(number) : MissingNode.getInstance();
    } catch (ExpectationFailedException noAnswer) {
      return MissingNode.getInstance();
    }
  }

  private void praise(Summary.Duplicates duplicates) {
    output.good(
        "%d tickets and %d alerts became one; %d others were left alone."
            .formatted(duplicates.tickets(), duplicates.alerts(), duplicates.unrelated()));
  }

  private void complain(AgreementCheck.Result result, Summary summary) {
    output.bad("Not everything is well:");
    if (summary.deadLetters() > 0) {
      lockstep.api().deadLetterTitles().stream()
          .limit(MOST_PROBLEMS)
          .forEach(title -> output.plain("  dead letter " + title));
    }
    result.unlinked().stream()
        .limit(MOST_PROBLEMS)
        .forEach(record -> output.plain("  " + record.key() + " is linked with nothing"));
    result.verdicts().stream()
        .filter(verdict -> !verdict.agrees())
        .limit(MOST_PROBLEMS)
        .forEach(
            verdict ->
                output.plain(
                    "  " + verdict.title() + ": " + String.join("; ", verdict.problems())));
    result.issues().stream()
        .filter(verdict -> !verdict.agrees())
        .limit(MOST_PROBLEMS)
        .forEach(
            verdict ->
                output.plain(
                    "  " + verdict.title() + ": " + String.join("; ", verdict.problems())));
    review.echoes().stream().limit(MOST_PROBLEMS).forEach(echo -> output.plain("  echo " + echo));
    if (summary.duplicatesCreated() > 0) {
      output.plain("  %d records were created twice".formatted(summary.duplicatesCreated()));
    }
  }
}
