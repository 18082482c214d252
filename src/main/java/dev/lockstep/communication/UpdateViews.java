package dev.lockstep.communication;

import dev.lockstep.communication.Cadence.State;
import dev.lockstep.communication.Communications.Delivered;
import dev.lockstep.communication.Communications.Due;
import dev.lockstep.communication.Communications.DueState;
import dev.lockstep.communication.Communications.Incident;
import dev.lockstep.communication.Communications.Update;
import dev.lockstep.communication.IncidentUpdate.SentTo;
import dev.lockstep.communication.settings.Audience;
import dev.lockstep.communication.settings.CommunicationSettings;
import dev.lockstep.pair.Delivery;
import dev.lockstep.publish.MessageState;
import dev.lockstep.publish.Outbox;
import dev.lockstep.record.Visibility;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Shows cadences and updates as people read them. */
@Component
public class UpdateViews {
  /** What needs attention first. */
  private static final List<MessageState> BY_WEIGHT =
      List.of(
          MessageState.DEAD_LETTER,
          MessageState.WAITING,
          MessageState.DISCARDED,
          MessageState.SENT);

  private final CommunicationSettings settings;
  private final UpdateStore updates;
  private final Outbox outbox;
  private final Clock clock;

  UpdateViews(CommunicationSettings settings, UpdateStore updates, Outbox outbox, Clock clock) {
    this.settings = settings;
    this.updates = updates;
    this.outbox = outbox;
    this.clock = clock;
  }

  public static Incident incident(KnownIncident incident) {
    return new Incident(
        incident.ref().toString(),
        incident.key(),
        incident.title(),
        incident.url(),
        incident.facts().level(),
        DraftWriter.words(incident.facts().stage()),
        incident.facts().service(),
        incident.facts().team(),
        incident.manager());
  }

  /** Empty if nothing is due, or its audience is no longer configured. */
  Optional<Due> due(KnownIncident incident, Cadence cadence) {
    Instant due = cadence.dueAt();
    Optional<Audience> audience = settings.audience(cadence.audience());
    if (due == null || audience.isEmpty()) {
      return Optional.empty();
    }
    Cadence.Snooze snooze = cadence.snooze();
    DueState state =
        cadence.isOverdue(clock.instant())
            ? DueState.OVERDUE
            : snooze == null ? DueState.DUE : DueState.SNOOZED;
    return Optional.of(
        new Due(
            incident(incident),
            cadence.audience(),
            audience.get().title(),
            due,
            state,
            cadence.state() == State.LAST,
            snooze == null ? "" : snooze.by(),
            snooze == null ? "" : snooze.reason(),
            cadence.lastSentAt()));
  }

  Update update(IncidentUpdate update) {
    return new Update(
        update.number(),
        update.audience(),
        settings.audience(update.audience()).map(Audience::title).orElse(update.audience()),
        update.sentAt(),
        update.sentBy(),
        update.subject(),
        update.text(),
        update.dueAt(),
        update.late(),
        update.targets().stream().map(target -> delivered(update, target)).toList());
  }

  private Delivered delivered(IncidentUpdate update, SentTo target) {
    if (!target.gap().isEmpty()) {
      return new Delivered(target.target(), "GAP", target.gap());
    }
    List<MessageState> states = new ArrayList<>(noteStates(update, target));
    List<UUID> messages = target.messages().stream().map(UUID::fromString).toList();
    states.addAll(outbox.states(messages).values());
    MessageState worst =
        BY_WEIGHT.stream().filter(states::contains).findFirst().orElse(MessageState.SENT);
    return new Delivered(target.target(), worst.name(), "");
  }

  private List<MessageState> noteStates(IncidentUpdate update, SentTo target) {
    if (target.notes().isEmpty()) {
      return List.of();
    }
    Visibility visibility =
        target.target().endsWith("(public)") ? Visibility.PUBLIC : Visibility.INTERNAL;
    Map<String, String> found =
        updates.noteStates(
            Dispatcher.noteName("update:" + update.id(), visibility), target.notes());
    return Stream.concat(
            found.values().stream().map(UpdateViews::state),
            target.notes().stream()
                .filter(record -> !found.containsKey(record))
                .map(record -> MessageState.DISCARDED))
        .toList();
  }

  private static MessageState state(String delivery) {
    return switch (Delivery.State.valueOf(delivery.toUpperCase(Locale.ROOT))) {
      case WAITING, READY, SENDING -> MessageState.WAITING;
      case SENT -> MessageState.SENT;
      case REFUSED -> MessageState.DEAD_LETTER;
      case SKIPPED -> MessageState.DISCARDED;
    };
  }
}
