package dev.lockstep.command;

import dev.lockstep.audit.AuditEntry;
import dev.lockstep.communication.DraftWriter;
import dev.lockstep.communication.KnownIncident;
import dev.lockstep.communication.RefusedUpdateException;
import dev.lockstep.incident.IncidentStage;
import dev.lockstep.incident.StageOrders;
import dev.lockstep.pair.PairStore;
import dev.lockstep.publish.ChatAnswer.Button;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Acknowledges and resolves. The write to the record is ordered first, by an attempt of its own;
 * the following ones wait a little for what becomes of it, so that the answer says it.
 */
@Component
class StageCommands {
  /** After this time the answer says that it is under way. */
  private static final Duration WAITS = Duration.ofSeconds(20);

  private final StageOrders orders;
  private final PairStore pairs;
  private final Clock clock;

  StageCommands(StageOrders orders, PairStore pairs, Clock clock) {
    this.orders = orders;
    this.pairs = pairs;
    this.clock = clock;
  }

  /** One line: level, key, stage, title. */
  String summary(KnownIncident incident) {
    String level = incident.facts().level();
    return "%s%s, %s: %s"
        .formatted(
            level.isEmpty() ? "" : level + " ",
            incident.key(),
            DraftWriter.words(incident.facts().stage()),
            incident.title());
  }

  List<Button> buttons(KnownIncident incident) {
    List<Button> buttons = new ArrayList<>();
    String name = CommandRunner.name(incident);
    if (!incident.facts().stage().isAtLeast(IncidentStage.ACKNOWLEDGED)) {
      buttons.add(new Button("Acknowledge", name + " " + Verb.ACKNOWLEDGE.word(), true));
    }
    if (!incident.facts().stage().isAtLeast(IncidentStage.RESOLVED)) {
      buttons.add(new Button("Resolve", name + " " + Verb.RESOLVE.word(), false));
    }
    return buttons;
  }

  @Nullable Answer acknowledge(StoredCommand command, KnownIncident incident, String by) {
    return reach(command, incident, IncidentStage.ACKNOWLEDGED, by);
  }

  @Nullable Answer resolve(StoredCommand command, KnownIncident incident, String by) {
    return reach(command, incident, IncidentStage.RESOLVED, by);
  }

  /**
   * @return null if it was ordered, or is under way
   */
  private @Nullable Answer reach(
      StoredCommand command, KnownIncident incident, IncidentStage stage, String by) {
    String word = DraftWriter.words(stage);
    if (!command.asked()) {
      if (incident.facts().stage().isAtLeast(stage)) {
        throw RefusedUpdateException.conflict(
            "%s is %s already; nothing was changed."
                .formatted(incident.key(), DraftWriter.words(incident.facts().stage())));
      }
      orders
          .order(incident.facts(), incident.correlation(), stage, by)
          .ifPresent(
              refusal -> {
                throw RefusedUpdateException.conflict("Nothing was changed: " + refusal);
              });
      return null;
    }
    if (orders.isPending(incident.facts(), incident.correlation(), stage)) {
      return clock.instant().isBefore(command.request().receivedAt().plus(WAITS))
          ? null
          : Answer.of(
              "%s will be %s as soon as its system takes it; its timeline shows when."
                  .formatted(incident.key(), word));
    }
    // Another order or edit may have brought it further meanwhile.
    return Answer.of(
        orders
            .shown(incident.facts(), incident.correlation())
            .filter(shown -> shown.isAtLeast(stage))
            .map(shown -> "%s is %s.".formatted(incident.key(), DraftWriter.words(shown)))
            .orElseGet(() -> refusal(incident, word)));
  }

  private String refusal(KnownIncident incident, String word) {
    String why =
        orders
            .pair(incident.facts(), incident.correlation())
            .flatMap(pair -> pairs.latest(pair.id(), "refused", 1).stream().findFirst())
            .map(AuditEntry::text)
            .orElse("its record shows another value.");
    return "%s is not %s: %s".formatted(incident.key(), word, why);
  }
}
