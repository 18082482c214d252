package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.sandbox.slack.SlackChannel;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Killed when Slack has opened the channel, and Lockstep cannot have written whose it is. */
class SlackKilledIT {

  @Test
  void takesUpTheChannelThatItOpenedBeforeItWasKilled() {
    try (SlackRig rig = SlackRig.startedToKill("slack-killed")) {
      AtomicBoolean deadly = new AtomicBoolean(true);
      rig.slack.onRequest(
          call -> {
            if (call.url().endsWith("conversations.create") && deadly.getAndSet(false)) {
              rig.lockstep.kill();
            }
          });
      String ticket = rig.ticket("Killed", Map.of("assigned_to", rig.annThere));
      rig.eventually(() -> assertThat(rig.lockstep.isAlive()).isFalse());
      assertThat(rig.slack.channels()).hasSize(1);
      assertThat(rig.slack.channels().get(0).purpose()).isEmpty();
      rig.lockstep.start();
      SlackChannel channel = rig.opened(ticket);

      assertThat(rig.slack.channels()).hasSize(1);
      rig.eventually(
          () -> {
            assertThat(rig.channelOf(ticket).topic()).startsWith("New · P1 · Killed");
            assertThat(rig.channelOf(ticket).members()).contains(rig.ann.user().id());
            assertThat(rig.posted(channel.id())).hasSize(1);
          });
      assertThat(rig.deadLetters()).isZero();
    }
  }
}
