package dev.lockstep.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.connector.NativeRecord;
import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import dev.lockstep.inbox.DeadLetters;
import dev.lockstep.inbox.DeadLetters.DeadLetter;
import dev.lockstep.record.RecordRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Webhooks that are lost, sent twice or delayed, and calls that fail, by a seed. */
public final class FaultInjection {
  private static final String DEATH = "the worker dies";

  private final FakeSystems systems;
  private final Engine engine;
  private final Random random;
  private final List<Runnable> delayed = new ArrayList<>();

  public FaultInjection(FakeSystems systems, Engine engine, Random random) {
    this.systems = systems;
    this.engine = engine;
    this.random = random;
  }

  public void begin() {
    systems.onChange(this::send);
    systems.failBefore(call -> fail(call, "before"));
    systems.failAfter(call -> fail(call, "after"));
  }

  /** From now on everything works; the delayed webhooks arrive. */
  public void end() {
    systems.failBefore(call -> {});
    systems.failAfter(call -> {});
    systems.onChange(engine::receive);
    List<Runnable> late;
    synchronized (delayed) {
      late = new ArrayList<>(delayed);
      delayed.clear();
    }
    late.forEach(Runnable::run);
  }

  /**
   * Until nothing is left to do. Work in which too many workers died waits for an operator, who
   * retries it; anything else that waits for one is an error.
   */
  public void settle() {
    engine.settle();
    DeadLetters deadLetters = engine.bean(DeadLetters.class);
    for (DeadLetter deadLetter : deadLetters.list()) {
      assertThat(deadLetter.problem()).contains(DEATH);
      deadLetters.retry(deadLetter.id(), "kim");
    }
    engine.settle();
  }

  private void send(RecordRef ref, NativeRecord state) {
    Runnable webhook = () -> receive(ref, state);
    switch (next(10)) {
      case 0 -> {}
      case 1 -> {
        webhook.run();
        webhook.run();
      }
      case 2 -> {
        synchronized (delayed) {
          delayed.add(webhook);
        }
      }
      default -> webhook.run();
    }
  }

  /** While Lockstep is stopped nobody receives it. */
  private void receive(RecordRef ref, NativeRecord state) {
    try {
      engine.receive(ref, state);
    } catch (IllegalStateException stopped) {
      assertThat(stopped).hasMessageContaining("closed");
    }
  }

  private void fail(String call, String when) {
    switch (next(60)) {
      case 0 -> {
        if (when.equals("before")) {
          throw new RetryLaterException(Duration.ofMillis(20), "429 " + call);
        }
      }
      case 1, 2 -> throw new SystemUnavailableException("no answer " + when + " " + call);
      case 3 -> throw new AssertionError(DEATH + " " + when + " " + call);
      default -> {}
    }
  }

  private int next(int bound) {
    synchronized (random) {
      return random.nextInt(bound);
    }
  }
}
