package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A stop that was asked for is no failure, whenever it comes. */
class StopIT {

  @Test
  void endsInOrderWhileItStartsAndAfterwards() throws IOException {
    try (Rig rig = Rig.toKillWithDatabase("stop")) {
      rig.lockstep.launch();
      // Its data folder is made early in a start, long before it is ready.
      rig.await(
          "it is starting",
          () -> Files.exists(rig.lockstep.log().resolveSibling("data").resolve("lockstep.lock")));
      rig.lockstep.stop();
      assertStopped(rig, 1);

      rig.lockstep.start();
      rig.lockstep.stop();
      assertStopped(rig, 2);
    }
  }

  private static void assertStopped(Rig rig, int times) throws IOException {
    String log = Files.readString(rig.lockstep.log());
    assertThat(log).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(log.lines().filter(line -> line.endsWith(" Stopped"))).hasSize(times);
  }
}
