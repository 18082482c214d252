package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.connector.definition.CallLimits;
import dev.lockstep.testkit.SettableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A system must never get more than it can bear, and nobody may wait without knowing how long. */
final class CallLimiterTest {
  private final SettableClock clock = new SettableClock();

  private CallLimiter gate(int calls, int inFlight) {
    return new CallLimiter(
        "toy",
        "Toy",
        new CallLimits(
            new CallLimits.Rate(calls, Duration.ofMinutes(1)),
            inFlight,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            new CallLimits.Breaker(50, 10, 4, Duration.ofSeconds(10)),
            new CallLimits.Retries(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.5)),
        clock);
  }

  @Test
  void saysWhenTheRateAllowsTheNextCall() {
    CallLimiter gate = gate(2, 5);
    gate.execute(() -> 1);
    gate.execute(() -> 2);

    RetryLaterException refused =
        catchThrowableOfType(RetryLaterException.class, () -> gate.execute(() -> 3));

    assertThat(refused.delay()).isBetween(Duration.ofMillis(10), Duration.ofMinutes(1));
  }

  @Test
  void showsItsLimitAndItsCircuit() {
    CallLimiter gate = gate(30, 5);
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    gate.register(metrics);
    assertThat(metrics.get("lockstep.calls.limit").tag("system", "toy").gauge().value())
        .isEqualTo(0.5);
    assertThat(metrics.get("lockstep.circuit.open").gauge().value()).isZero();
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(
              () ->
                  gate.execute(
                      () -> {
                        throw new SystemUnavailableException("away");
                      }))
          .isInstanceOf(SystemUnavailableException.class);
    }
    assertThat(metrics.get("lockstep.circuit.open").gauge().value()).isEqualTo(1);
  }

  @Test
  void boundsTheCallsUnderWay() throws Exception {
    CallLimiter gate = gate(100, 1);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> first =
          other.submit(
              () ->
                  gate.execute(
                      () -> {
                        inside.countDown();
                        awaitQuietly(leave);
                        return 1;
                      }));
      inside.await();
      assertThatThrownBy(() -> gate.execute(() -> 2)).isInstanceOf(RetryLaterException.class);
      leave.countDown();
      assertThat(first.get()).isEqualTo(1);
      assertThat(gate.<Integer>execute(() -> 3)).isEqualTo(3);
    } finally {
      leave.countDown();
      other.shutdownNow();
    }
  }

  @Test
  void keepsTheLongerOfTwoHolds() {
    CallLimiter gate = gate(100, 1);
    gate.hold(Duration.ofSeconds(30));
    gate.hold(Duration.ofSeconds(5));
    clock.advance(Duration.ofSeconds(10));

    RetryLaterException refused =
        catchThrowableOfType(RetryLaterException.class, () -> gate.execute(() -> 1));

    assertThat(refused.delay()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void doesNotTakeARefusalForAFailure() {
    CallLimiter gate = gate(100, 1);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(
              () ->
                  gate.execute(
                      () -> {
                        throw new RequestRejectedException(400, "x", "y", "z");
                      }))
          .isInstanceOf(RequestRejectedException.class);
    }
    assertThat(gate.<Integer>execute(() -> 1)).isEqualTo(1);
  }

  /** The permit of a half-open breaker comes back whatever a call ends with. */
  @Test
  void errorsDoNotKeepTheBreakerHalfOpen() {
    CallLimiter gate = gate(100, 1);
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () ->
                  gate.execute(
                      () -> {
                        throw new SystemUnavailableException("down");
                      }))
          .isInstanceOfAny(SystemUnavailableException.class, RetryLaterException.class);
    }
    clock.advance(Duration.ofSeconds(11));
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(
              () ->
                  gate.execute(
                      () -> {
                        throw new NoClassDefFoundError("toy");
                      }))
          .isInstanceOf(NoClassDefFoundError.class);
    }
    assertThat(gate.<Integer>execute(() -> 1)).isEqualTo(1);
    assertThat(gate.<Integer>execute(() -> 2)).isEqualTo(2);
    assertThat(gate.breakerState().name()).isEqualTo("CLOSED");
  }

  /** The inbox has 24 threads: two systems that hang must not hold them all. */
  @Test
  void twoHangingSystemsLeaveThreadsForOthers() {
    var catalog =
        ConnectorCatalog.load(
            List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1)));
    List<Integer> inFlight =
        catalog.connectors().values().stream()
            .map(connector -> connector.limits().inFlight())
            .sorted(Comparator.reverseOrder())
            .toList();

    assertThat(inFlight.get(0) + inFlight.get(1)).isLessThan(24);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
