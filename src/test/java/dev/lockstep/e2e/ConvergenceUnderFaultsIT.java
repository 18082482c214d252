package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.http.Faults;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * People edit on both sides while calls are refused, fail after they were carried out, are reset or
 * answered too late, and webhooks are lost, repeated and reordered. The seed decides who does what
 * and what fails; threads make runs differ, so what is asserted must hold for all of them.
 */
class ConvergenceUnderFaultsIT {
  private static final int TIMES_EACH = 4;

  /** Another one is tried with {@code -Dlockstep.seed=}. */
  static LongStream endsInAgreementWithNothingLostOrDoubled() {
    return LongStream.of(Long.getLong("lockstep.seed", 4711));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource
  void endsInAgreementWithNothingLostOrDoubled(long seed) {
    try (Rig rig = Rig.started("faults", Map.of())) {
      Random random = new Random(seed);
      Mishaps.plan(rig.serviceNow.faults(), random, TIMES_EACH);
      Mishaps.plan(rig.pagerDuty.faults(), random, TIMES_EACH);
      Crowd crowd = new Crowd(rig, seed, 8);
      crowd.work(250, Duration.ofMillis(30)).finish();
      rig.awaitAgreement(crowd.begun(), crowd.said());

      closeSome(rig);
      rig.awaitAgreement(crowd.begun(), crowd.said());
      rig.assertAtRest();
      assertThat(rig.differences(crowd.begun(), crowd.said())).isEmpty();
      assertThat(rig.lockstep.api("GET", "/dead-letters").path("deadLetters")).isEmpty();
      assertEverythingWentWrong(rig.serviceNow.faults());
      assertEverythingWentWrong(rig.pagerDuty.faults());
    }
  }

  /** What is over is closed or cancelled for good: from then on nobody can change it. */
  private static void closeSome(Rig rig) {
    for (Map<String, String> ticket : rig.serviceNow.records("incident")) {
      String id = ticket.get("sys_id");
      if (ticket.get("state").equals("6")) {
        rig.serviceNow.as("ann").update(id, Map.of("state", "7"));
      } else if (ticket.get("state").equals("1")) {
        rig.serviceNow.as("ann").update(id, Map.of("state", "8"));
      }
    }
  }

  private static void assertEverythingWentWrong(Faults faults) {
    Set<Faults.Kind> all = new HashSet<>(Mishaps.OF_CALLS);
    all.addAll(Mishaps.OF_WEBHOOKS);
    assertThat(faults.injected().keySet()).containsAll(all);
  }
}
