package dev.lockstep.console;

import dev.lockstep.communication.Communications;
import dev.lockstep.console.LagChart.Chart;
import dev.lockstep.duplicates.Duplicates;
import dev.lockstep.inbox.BacklogQueries;
import dev.lockstep.inbox.BacklogQueries.Backlog;
import dev.lockstep.inbox.BacklogQueries.OfSystem;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.WebhookReceipts;
import dev.lockstep.inbox.WebhookReceipts.Kind;
import dev.lockstep.inbox.WebhookReceipts.Receipt;
import dev.lockstep.pair.Pair;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.pair.PairCounts.Counts;
import dev.lockstep.pause.PauseOperations;
import dev.lockstep.poll.SystemStates;
import dev.lockstep.poll.SystemStates.Check;
import dev.lockstep.poll.SystemStates.CheckState;
import dev.lockstep.poll.SystemStates.SystemState;
import dev.lockstep.sync.NoteApprovals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Is everything in sync, and if not, what and why. */
@Controller
class OverviewPage {
  private static final int SHOWN = 5;

  private final PairCounts pairs;
  private final BacklogQueries backlog;
  private final SystemStates systems;
  private final WebhookReceipts receipts;
  private final DeadLetters deadLetters;
  private final Duplicates duplicates;
  private final NoteApprovals approvals;
  private final PauseOperations pauses;
  private final Communications communications;
  private final Clock clock;

  OverviewPage(
      PairCounts pairs,
      BacklogQueries backlog,
      SystemStates systems,
      WebhookReceipts receipts,
      DeadLetters deadLetters,
      Duplicates duplicates,
      NoteApprovals approvals,
      PauseOperations pauses,
      Communications communications,
      Clock clock) {
    this.approvals = approvals;
    this.pairs = pairs;
    this.backlog = backlog;
    this.systems = systems;
    this.receipts = receipts;
    this.deadLetters = deadLetters;
    this.duplicates = duplicates;
    this.pauses = pauses;
    this.communications = communications;
    this.clock = clock;
  }

  /**
   * @param backlog null if nothing waits for it
   * @param verifiedAt when a webhook of it was last verified; null if none was yet
   * @param refused the last refused webhook, unless one was verified since
   */
  record SystemLine(
      SystemState state,
      @Nullable OfSystem backlog,
      @Nullable Instant verifiedAt,
      @Nullable Receipt refused) {

    /** Whether there is something to do; of a check whose state is unknown nothing is known. */
    public boolean isFailing(Check check) {
      return check.state() == CheckState.FAIL || check.state() == CheckState.WARNING;
    }
  }

  @GetMapping("/")
  String page(Model model) {
    fill(model);
    return "overview";
  }

  /** What changes while the page is open. */
  @GetMapping("/overview")
  String live(Model model) {
    fill(model);
    return "overview :: live";
  }

  private void fill(Model model) {
    Counts counts = pairs.count(clock.instant().minus(Duration.ofDays(1)));
    Backlog now = backlog.now();
    Map<String, OfSystem> bySystem = backlog.bySystem();
    List<Receipt> received = receipts.all();
    List<SystemLine> lines =
        systems.states().stream()
            .map(state -> line(state, bySystem.get(state.calls().system()), received))
            .toList();
    long broken = counts.states().getOrDefault(Pair.State.BROKEN, 0L);
    long degraded = lines.stream().filter(line -> line.state().degraded()).count();
    long overdue = communications.countOverdue();
    model.addAttribute("informs", !communications.audiences().isEmpty());
    model.addAttribute("overdue", overdue);
    model.addAttribute("pauses", pauses.active());
    model.addAttribute("counts", counts);
    model.addAttribute("broken", broken);
    model.addAttribute("backlog", now);
    model.addAttribute("systems", lines);
    model.addAttribute("degraded", degraded);
    long texts = approvals.count();
    model.addAttribute(
        "attention", now.deadLetters() + broken + counts.gaps() + degraded + overdue + texts);
    model.addAttribute(
        "needs",
        Stream.of(
                count(now.deadLetters(), "dead letter"),
                count(broken, "deleted record"),
                count(counts.gaps(), "gap"),
                count(degraded, "system"),
                count(overdue, "overdue update"),
                count(texts, "waiting text"))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", ")));
    model.addAttribute("letters", deadLetters.list(DeadLetters.Filter.ANY, "", SHOWN));
    model.addAttribute("waiting", approvals.list(SHOWN));
    model.addAttribute("proposed", duplicates.list(List.of(Duplicates.State.PROPOSED), SHOWN));
    Chart chart = LagChart.draw(backlog.lastDay(), clock.instant());
    model.addAttribute("chart", chart);
  }

  private static SystemLine line(
      SystemState state, @Nullable OfSystem backlog, List<Receipt> received) {
    String system = state.calls().system();
    Instant verifiedAt =
        WebhookReceipts.find(received, system, Kind.VERIFIED).map(Receipt::at).orElse(null);
    Receipt refused =
        WebhookReceipts.find(received, system, Kind.REFUSED)
            .filter(last -> verifiedAt == null || last.at().isAfter(verifiedAt))
            .orElse(null);
    return new SystemLine(state, backlog, verifiedAt, refused);
  }

  private static String count(long number, String what) {
    return number == 0 ? "" : number + " " + what + (number == 1 ? "" : "s");
  }
}
