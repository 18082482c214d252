package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.testkit.SettableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ReferenceCacheTest {
  private static final ConnectorDefinition SERVICENOW =
      ConnectorCatalog.load(
              List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(1)))
          .connector("servicenow");

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Supplier<ApiResponse> server = () -> groups();
  private final ReferenceCache cache =
      new ReferenceCache(
          SERVICENOW,
          call -> {
            calls.incrementAndGet();
            return server.get();
          },
          new SimpleMeterRegistry(),
          clock);

  private static ApiResponse groups(String... items) {
    String body = "[%s]".formatted(String.join(",", items));
    return new ApiResponse(200, Map.of(), ConnectorContract.json(body), body);
  }

  private static ApiResponse group(String id, String name) {
    return groups("{\"sys_id\":\"%s\",\"name\":\"%s\"}".formatted(id, name));
  }

  private Optional<String> idOf(String name) {
    return cache.idOf("group", name);
  }

  @Test
  void keepsWhatItFoundForHalfAnHour() {
    server = () -> group("g1", "Network");
    assertThat(idOf("Network")).contains("g1");
    clock.advance(Duration.ofMinutes(30).minusMillis(1));
    assertThat(idOf("Network")).contains("g1");
    assertThat(cache.keyOf("group", "g1")).contains("Network");
    assertThat(calls).hasValue(1);

    clock.advance(Duration.ofMillis(1));
    server = () -> group("g2", "Network");
    assertThat(idOf("Network")).contains("g2");
  }

  @Test
  void keepsAbsenceForAMinute() {
    assertThat(idOf("Network")).isEmpty();
    clock.advance(Duration.ofSeconds(59));
    server = () -> group("g1", "Network");
    assertThat(idOf("Network")).isEmpty();
    assertThat(calls).hasValue(1);

    clock.advance(Duration.ofSeconds(1));
    assertThat(idOf("Network")).contains("g1");
    clock.advance(Duration.ofMinutes(29));
    assertThat(idOf("Network")).contains("g1");
    assertThat(calls).hasValue(2);
  }

  @Test
  void rethrowsARefusalForAMinute() {
    server =
        () -> {
          throw new RequestRejectedException(403, "find-group", "no", "Ask.");
        };
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> idOf("Network")).isInstanceOf(RequestRejectedException.class);
    }
    assertThat(calls).hasValue(1);

    clock.advance(Duration.ofMinutes(1));
    server = () -> group("g1", "Network");
    assertThat(idOf("Network")).contains("g1");
  }

  @Test
  void remembersNoOtherException() {
    server =
        () -> {
          throw new SystemUnavailableException("down");
        };
    assertThatThrownBy(() -> idOf("Network")).isInstanceOf(SystemUnavailableException.class);
    server = () -> group("g1", "Network");
    assertThat(idOf("Network")).contains("g1");
    assertThat(calls).hasValue(2);
  }

  @Test
  void sendsOneRequestForConcurrentCallersOfOneKey() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server =
        () -> {
          asked.countDown();
          await(answer);
          return group("g1", "Network");
        };
    var first = CompletableFuture.supplyAsync(() -> idOf("Network"));
    await(asked);
    var second = CompletableFuture.supplyAsync(() -> idOf("Network"));
    // Another key does not wait.
    server = () -> group("g2", "Database");
    assertThat(idOf("Database")).contains("g2");
    answer.countDown();
    assertThat(first.get(10, TimeUnit.SECONDS)).contains("g1");
    assertThat(second.get(10, TimeUnit.SECONDS)).contains("g1");
    assertThat(calls).hasValue(2);
  }

  @Test
  void aCallerAsksItselfWhenTheOneItWaitedForFailed() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server =
        () -> {
          asked.countDown();
          await(answer);
          throw new SystemUnavailableException("down");
        };
    var first = CompletableFuture.supplyAsync(() -> idOf("Network"));
    await(asked);
    server = () -> group("g1", "Network");
    var second = CompletableFuture.supplyAsync(() -> idOf("Network"));
    answer.countDown();
    assertThat(second.get(10, TimeUnit.SECONDS)).contains("g1");
    assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SystemUnavailableException.class);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
