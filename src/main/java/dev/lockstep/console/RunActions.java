package dev.lockstep.console;

import dev.lockstep.backfill.Backfill.Selection;
import dev.lockstep.backfill.Backfills;
import dev.lockstep.console.Confirmation.Reason;
import dev.lockstep.reconcile.Reconciliation.Mode;
import dev.lockstep.reconcile.Reconciliations;
import dev.lockstep.sync.StartPolicies.OlderNotes;
import dev.lockstep.sync.StartPolicies.StartPolicy;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Starts a reconciliation; starts and stops a backfill. */
@Controller
@RequestMapping(MaintenancePage.PATH)
class RunActions {
  private static final String BACK = "redirect:" + MaintenancePage.PATH;

  /** With a query, the time of the last change does not matter. */
  private static final Duration EVER = Duration.ofDays(3650);

  private final Reconciliations reconciliations;
  private final Backfills backfills;
  private final Display display;
  private final Clock clock;

  RunActions(Reconciliations reconciliations, Backfills backfills, Display display, Clock clock) {
    this.clock = clock;
    this.reconciliations = reconciliations;
    this.backfills = backfills;
    this.display = display;
  }

  @GetMapping("/reconciliation/{mode:repair|report}")
  String confirmReconciliation(@PathVariable("mode") String mode, Model model) {
    boolean repairs = mode.equals("repair");
    ask(
        model,
        repairs ? "Compare all records and repair what differs?" : "Compare all records?",
        List.of(
            "Fetches each record that is kept in sync once, a few a minute beside the live traffic,"
                + " and compares it with what was last processed.",
            repairs
                ? "A record that differs is processed as if a webhook had reported it: its change"
                    + " is written to the other side, or merged with one there."
                : "What differs is listed. Nothing is written to any system.",
            "It runs until all are compared, also after a restart."),
        repairs ? "Start and repair" : "Start and report only",
        Map.of());
    return Confirmation.NAME;
  }

  @PostMapping("/reconciliation/{mode:repair|report}")
  String reconcile(
      @PathVariable("mode") String mode, @Nullable Principal user, RedirectAttributes redirect) {
    Mode what = mode.equals("repair") ? Mode.REPAIR : Mode.REPORT;
    if (reconciliations.start(what, Actor.name(user)).isEmpty()) {
      throw conflict("A reconciliation is running; wait until it has finished.");
    }
    redirect.addFlashAttribute(Confirmation.DONE, "The reconciliation is started.");
    return BACK;
  }

  /**
   * A backfill as the form has it; what is not filled in is null or empty.
   *
   * @param since a day (UTC)
   * @param notes as in the API
   */
  record Request(
      @Nullable String since,
      @Nullable String system,
      @Nullable String kind,
      @Nullable String query,
      @Nullable String notes,
      @Nullable String adoptBy) {
    /** All of it, trimmed, in the order and with the names of the form. */
    Map<String, String> given() {
      Map<String, String> given = new LinkedHashMap<>();
      given.put("since", text(since));
      given.put("system", text(system));
      given.put("kind", text(kind));
      given.put("query", text(query));
      given.put("notes", text(notes));
      given.put("adoptBy", text(adoptBy));
      return given;
    }

    private static String text(@Nullable String given) {
      return given == null ? "" : given.strip();
    }

    Selection selection() {
      return new Selection(text(system), text(kind), text(query));
    }

    /** Whether only the query says which records. */
    boolean isByQueryAlone() {
      return text(since).isEmpty() && !text(query).isEmpty();
    }

    Instant start(Instant now) {
      if (isByQueryAlone()) {
        return now.minus(EVER);
      }
      String day = text(since);
      try {
        return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeParseException e) {
        throw wrong("since: write a day as 2026-11-24, or a query.", e);
      }
    }

    StartPolicy policy() {
      String which = text(notes);
      OlderNotes older =
          OlderNotes.parse(which.isEmpty() ? OlderNotes.ALL.label() : which)
              .orElseThrow(() -> wrong("notes: choose one of the list.", null));
      return new StartPolicy(older, text(adoptBy));
    }
  }

  @GetMapping("/backfill")
  String confirmBackfill(Request request, Model model) {
    request.start(clock.instant());
    Selection selection = request.selection();
    StartPolicy policy = request.policy();
    List<String> effects = new ArrayList<>();
    effects.add("Reads " + describe(request) + ".");
    effects.add(
        policy.adoptBy().isEmpty()
            ? "For each that is in scope of a mapping and in no pair, a counterpart is created in"
                + " the other system."
            : "For each that is in scope of a mapping and in no pair, the counterpart that its %s names is adopted; without one, it is created in the other system."
                .formatted(policy.adoptBy()));
    effects.add(
        switch (policy.notes()) {
          case ALL -> "All its notes are written to the counterpart.";
          case SINCE_LINK -> "Of its notes, those written since both records exist are synced.";
          case NONE -> "Notes written before are not synced.";
        });
    effects.add(
        "It goes on a few records a minute, below the live traffic, also after a restart. It can be"
            + " stopped; what it has created stays.");
    effects.add("To see beforehand what it would write: " + planCommand(request));
    ask(
        model,
        selection.system().isEmpty()
            ? "Start this backfill?"
            : "Start this backfill of %s?".formatted(display.system(selection.system())),
        effects,
        "Start the backfill",
        request.given());
    return Confirmation.NAME;
  }

  private String describe(Request request) {
    Selection selection = request.selection();
    return "the %s of %s that %s%s"
        .formatted(
            selection.kind().isEmpty() ? "records" : selection.kind() + " records",
            selection.system().isEmpty() ? "all systems" : display.system(selection.system()),
            request.isByQueryAlone() ? "match " : "changed since " + request.given().get("since"),
            selection.query().isEmpty()
                ? ""
                : (request.isByQueryAlone() ? "" : " and match ") + selection.query());
  }

  /** With the same options. */
  private static String planCommand(Request request) {
    Map<String, String> options = new LinkedHashMap<>(request.given());
    options.put("adopt-by", options.getOrDefault("adoptBy", ""));
    options.remove("adoptBy");
    return options.entrySet().stream()
        .filter(option -> !option.getValue().isEmpty())
        .filter(option -> !option.equals(Map.entry("notes", OlderNotes.ALL.label())))
        .map(option -> " --" + option.getKey() + " " + quoted(option.getValue()))
        .collect(Collectors.joining("", "./lockstep plan", ""));
  }

  /** For a shell. */
  private static String quoted(String word) {
    return word.matches("[\\w.:@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  @PostMapping("/backfill")
  String backfill(Request request, @Nullable Principal user, RedirectAttributes redirect) {
    Optional<Backfills.Progress> started;
    try {
      started =
          backfills.start(
              request.start(clock.instant()),
              request.selection(),
              request.policy(),
              Actor.name(user));
    } catch (Backfills.RefusedException e) {
      throw wrong(e.getMessage() + ".", e);
    }
    if (started.isEmpty()) {
      throw conflict("A backfill is running; wait until it has finished, or stop it.");
    }
    redirect.addFlashAttribute(Confirmation.DONE, "The backfill is started.");
    return BACK;
  }

  @GetMapping("/backfill/stop")
  String confirmStop(Model model) {
    Backfills.Progress running =
        backfills
            .findLatest()
            .filter(progress -> progress.run().finishedAt() == null)
            .orElseThrow(RunActions::notRunning);
    ask(
        model,
        "Stop the backfill?",
        List.of(
            "No further record is read or passed on.",
            "What it has started stays in sync; %d records that were passed on are still processed."
                .formatted(running.pending()),
            "A later backfill passes over what is in sync already."),
        "Stop the backfill",
        Map.of());
    return Confirmation.NAME;
  }

  @PostMapping("/backfill/stop")
  String stop(@Nullable Principal user, RedirectAttributes redirect) {
    if (backfills.stop(Actor.name(user)).isEmpty()) {
      throw notRunning();
    }
    redirect.addFlashAttribute(Confirmation.DONE, "The backfill is stopped.");
    return BACK;
  }

  private static ResponseStatusException notRunning() {
    return conflict("No backfill is running.");
  }

  private static ResponseStatusException conflict(String text) {
    return new ResponseStatusException(HttpStatus.CONFLICT, text);
  }

  private static ResponseStatusException wrong(String text, @Nullable Throwable cause) {
    return new ResponseStatusException(HttpStatus.BAD_REQUEST, text, cause);
  }

  private static void ask(
      Model model,
      String title,
      List<String> effects,
      String submit,
      Map<String, String> parameters) {
    model.addAttribute(
        Confirmation.NAME,
        new Confirmation(title, effects, submit, Reason.NONE, parameters, MaintenancePage.PATH));
  }
}
