package dev.lockstep.publish;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.inbox.Subject;
import dev.lockstep.inbox.WorkScheduler;
import dev.lockstep.ops.RouteCaller;
import dev.lockstep.pause.Pauses;
import dev.lockstep.record.PlainText;
import dev.lockstep.record.RecordRef;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Messages on their way to their channels. Each is an entry of the inbox, which owns retries and
 * dead letters. At least once: if a channel does not answer, or the process dies, the message is
 * sent again, with the same id.
 */
@Component
public class Outbox {
  /** Channels that do not answer must leave the inbox threads for everything else. */
  private static final int MOST_AT_A_TIME = 4;

  private static final Duration NEXT_TRY = Duration.ofSeconds(2);

  private final MessageStore store;
  private final Map<String, ChannelKind> kinds;
  private final WorkScheduler scheduler;
  private final RouteCaller routes;
  private final Pauses pauses;
  private final Clock clock;
  private final Semaphore slots = new Semaphore(MOST_AT_A_TIME);

  Outbox(
      MessageStore store,
      List<ChannelKind> kinds,
      WorkScheduler scheduler,
      RouteCaller routes,
      Pauses pauses,
      Clock clock) {
    this.store = store;
    this.kinds = kinds.stream().collect(Collectors.toMap(ChannelKind::name, Function.identity()));
    this.scheduler = scheduler;
    this.routes = routes;
    this.pauses = pauses;
    this.clock = clock;
  }

  /**
   * What a message says.
   *
   * @param title one line; line breaks and control characters are removed
   * @param link the web address of what it is about; empty for none
   * @param about the record it is about
   */
  public record Content(String title, String text, String link, RecordRef about) {}

  /**
   * Stores a message for each recipient of a channel, to be sent; in the caller's transaction.
   *
   * @return their ids
   */
  public List<UUID> add(Channel channel, Content content) {
    ChannelKind kind = kinds.get(channel.kind());
    if (kind == null) {
      throw new IllegalArgumentException("no kind of channel: " + channel.kind());
    }
    List<UUID> added = new ArrayList<>();
    for (String recipient : kind.recipients(channel)) {
      OutboundMessage message =
          new OutboundMessage(
              UUID.randomUUID(),
              channel.name(),
              channel.kind(),
              recipient,
              PlainText.oneLine(content.title()),
              PlainText.normalize(content.text()),
              content.link(),
              clock.instant());
      store.insert(message, content.about());
      scheduler.schedule(new Subject.OfMessage(message.id()), Map.of(), message.createdAt());
      added.add(message.id());
    }
    return added;
  }

  /** Of those that exist. */
  public Map<UUID, MessageState> states(Collection<UUID> ids) {
    return ids.isEmpty() ? Map.of() : store.states(ids);
  }

  /** Sends a message; called by the inbox. */
  public void process(Subject.OfMessage message) {
    if (!slots.tryAcquire()) {
      throw new RetryLaterException(NEXT_TRY, MOST_AT_A_TIME + " messages are being sent");
    }
    try {
      routes.call("direct:publish-message", message.id());
    } finally {
      slots.release();
    }
  }

  /**
   * A step of the route.
   *
   * @return null if it was sent, or is deleted
   * @throws dev.lockstep.connector.PausedException if everything is paused
   */
  public @Nullable OutboundMessage load(UUID id) {
    pauses.requireRunning();
    return store.findUnsent(id).orElse(null);
  }

  /** A step of the route. */
  public void markSent(OutboundMessage message) {
    store.markSent(message.id(), clock.instant());
  }
}
