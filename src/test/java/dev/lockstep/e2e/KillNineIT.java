package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.servicenow.RecordChange;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process is killed at the worst moments there are: after a system did what Lockstep asked and
 * before Lockstep could know. And at random ones, also while it starts. People go on working.
 */
class KillNineIT {
  /** What a system has just done, such as {@code POST /incidents}. */
  private record Done(String deed) {}

  /** Another one is tried with {@code -Dlockstep.seed=}. */
  static LongStream bothSidesAgreeWhateverItWasDoingWhenItWasKilled() {
    return LongStream.of(Long.getLong("lockstep.seed", 9));
  }

  private final AtomicReference<Predicate<Done>> deadly = new AtomicReference<>(done -> false);

  @ParameterizedTest(name = "seed {0}")
  @MethodSource
  void bothSidesAgreeWhateverItWasDoingWhenItWasKilled(long seed) {
    Random random = new Random(seed);
    try (Rig rig = Rig.toKill("kill-nine", Map.of())) {
      listen(rig);
      rig.lockstep.start();
      Crowd crowd = new Crowd(rig, seed, 12);
      try (Crowd.Work work = crowd.work(Integer.MAX_VALUE, Duration.ofMillis(60))) {
        // Creating an incident, a ticket; writing a note, a link, a change.
        killedBy(rig, "POST /incidents", crowd::beginAtTheDesk);
        killedBy(rig, "CREATED incident", crowd::beginOnCall);
        killedBy(rig, "POST /incidents/notes", crowd::beginAtTheDesk);
        killedBy(rig, "UPDATED incident", crowd::beginOnCall);
        killedBy(rig, "PUT /incidents/", () -> {});
        killedAfter(rig, random.nextInt(40));
        killedWhileStarting(rig, random);
        rig.lockstep.start();
        work.stop();
      }
      rig.awaitAgreement(crowd.begun(), crowd.said());

      rig.assertAtRest();
      assertThat(rig.differences(crowd.begun(), crowd.said())).isEmpty();
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
    }
  }

  /** Both sandboxes tell of what they did before they answer. */
  private void listen(Rig rig) {
    rig.pagerDuty.onRequest(
        call -> {
          if (call.status() / 100 == 2) {
            String path = call.url().replaceFirst("\\?.*", "").replaceAll("/Q[0-9A-Z]+", "/");
            happened(rig, call.method() + " " + path.replace("//", "/"));
          }
        });
    rig.serviceNow.onChange(
        change -> {
          if (change.overHttp() && change.kind() != RecordChange.Kind.DELETED) {
            happened(rig, change.kind() + " " + change.table());
          }
        });
  }

  private void happened(Rig rig, String deed) {
    if (deadly.get().test(new Done(deed))) {
      deadly.set(done -> false);
      rig.lockstep.kill();
    }
  }

  /** Killed when that was done, and started again. */
  private void killedBy(Rig rig, String deed, Runnable cause) {
    deadly.set(done -> done.deed().equals(deed));
    cause.run();
    awaitDeath(rig, "killed by " + deed);
    rig.lockstep.start();
  }

  private void killedAfter(Rig rig, int calls) {
    long due = calls(rig) + calls;
    rig.await(calls + " calls", () -> calls(rig) >= due);
    rig.lockstep.kill();
  }

  /** At once, when it speaks for the first time, or when its port is open. */
  private static void killedWhileStarting(Rig rig, Random random) {
    rig.lockstep.launch();
    long said = rig.lockstep.log().toFile().length();
    switch (random.nextInt(3)) {
      case 0 -> {}
      case 1 -> rig.await("a word", () -> rig.lockstep.log().toFile().length() > said);
      default -> rig.await("an open port", () -> rig.lockstep.status("/health/live") != 0);
    }
    rig.lockstep.kill();
  }

  private static void awaitDeath(Rig rig, String how) {
    rig.await(how, () -> !rig.lockstep.isAlive());
  }

  private static long calls(Rig rig) {
    return rig.serviceNow.calls().reads()
        + rig.serviceNow.calls().writes()
        + rig.pagerDuty.calls().reads()
        + rig.pagerDuty.calls().writes();
  }
}
