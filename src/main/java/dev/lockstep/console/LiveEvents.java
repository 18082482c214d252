package dev.lockstep.console;

import dev.lockstep.inbox.BacklogQueries;
import dev.lockstep.pair.PairCounts;
import dev.lockstep.pause.PauseOperations;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells open pages that something changed, so that they fetch it. Reads the database only while a
 * page listens. Thread-safe.
 */
@Controller
class LiveEvents {
  private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
  private static final long ROUND_SECONDS = 2;

  /** Even if nothing changed: ages go on, and a proxy closes a silent connection. */
  private static final int ROUNDS_UNTIL_SENT = 7;

  private static final int MOST_LISTENERS = 100;

  /** A browser connects again by itself. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final PairCounts pairs;
  private final BacklogQueries backlog;
  private final PauseOperations pauses;
  private final Clock clock;
  private final List<SseEmitter> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "console-events");
            thread.setDaemon(true);
            return thread;
          });
  private Object last = "";
  private int quietRounds;

  LiveEvents(PairCounts pairs, BacklogQueries backlog, PauseOperations pauses, Clock clock) {
    this.pairs = pairs;
    this.backlog = backlog;
    this.pauses = pauses;
    this.clock = clock;
    rounds.scheduleWithFixedDelay(this::round, ROUND_SECONDS, ROUND_SECONDS, TimeUnit.SECONDS);
  }

  @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter listen() {
    if (listeners.size() >= MOST_LISTENERS) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many open pages");
    }
    SseEmitter listener = new SseEmitter(LONGEST.toMillis());
    listener.onCompletion(() -> listeners.remove(listener));
    listener.onTimeout(listener::complete);
    listener.onError(e -> listeners.remove(listener));
    listeners.add(listener);
    return listener;
  }

  private void round() {
    if (listeners.isEmpty()) {
      return;
    }
    Object now = state();
    quietRounds = now.equals(last) ? quietRounds + 1 : 0;
    last = now;
    if (quietRounds % ROUNDS_UNTIL_SENT == 0) {
      listeners.forEach(LiveEvents::send);
    }
  }

  private Object state() {
    try {
      return List.of(
          pairs.count(clock.instant().minus(Duration.ofDays(1))), backlog.now(), pauses.active());
    } catch (RuntimeException e) {
      // The page that is fetched says what is wrong.
      LOG.debug("The state cannot be read", e);
      return Objects.toString(e.getMessage(), "unknown");
    }
  }

  private static void send(SseEmitter listener) {
    try {
      listener.send(SseEmitter.event().name("changed").data(""));
    } catch (IOException | IllegalStateException e) {
      listener.completeWithError(e);
    }
  }

  /** Open connections would hold up the graceful shutdown. */
  @EventListener(ContextClosedEvent.class)
  public void close() {
    rounds.shutdownNow();
    listeners.forEach(SseEmitter::complete);
  }
}
