package dev.lockstep.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every message is a note here, and at first no event arrives: what is said is found by polling.
 */
class SlackPollingIT {
  private static List<String> with(List<String> texts, String part) {
    return texts.stream().filter(text -> text.contains(part)).toList();
  }

  @Test
  void findsByPollingWhatNoEventTellsAndTakesEachMessageOnce() {
    try (SlackRig rig =
        SlackRig.started(
            "slack-polling", Map.of("SLACK_POLL_INTERVAL", "500ms", "SLACK_NOTE_REACTION", ""))) {
      rig.slack.events().on(false);
      String ticket = rig.ticket("Nobody tells", Map.of());
      String channel = rig.opened(ticket).id();
      rig.ann.write(channel, "found by polling");
      rig.serviceNow.as("agent").addWorkNote(ticket, "from the desk");
      rig.eventually(
          () -> {
            assertThat(with(rig.workNotes(ticket), "found by polling")).hasSize(1);
            assertThat(with(rig.posted(channel), "from the desk")).hasSize(1);
          });
      // Lockstep's own messages and what Slack says are listed as well.
      rig.lockstep.awaitPolls(4, List.of("slack"));
      rig.awaitQuiet();
      assertThat(with(rig.workNotes(ticket), "from the desk")).hasSize(1);
      assertThat(with(rig.workNotes(ticket), "has joined")).isEmpty();
      assertThat(with(rig.workNotes(ticket), "found by polling").get(0))
          .startsWith("Ann Example on #inc-");

      rig.slack.events().on(true);
      String ts = rig.ann.write(channel, "told by an event");
      rig.ben.reply(channel, ts, "in the thread");
      rig.eventually(
          () -> {
            assertThat(with(rig.workNotes(ticket), "told by an event")).hasSize(1);
            assertThat(with(rig.workNotes(ticket), "in the thread")).hasSize(1);
          });
      rig.lockstep.awaitPolls(4, List.of("slack"));
      rig.awaitQuiet();
      assertThat(rig.workNotes(ticket)).hasSize(5);

      // Nobody can write there any more: it is not asked again.
      rig.ann.archive(channel);
      rig.eventually(
          () -> assertThat(rig.slack.calls().byRoute()).containsKey("GET /api/conversations.info"));
      rig.awaitQuiet();
      long asked = history(rig);
      rig.lockstep.awaitPolls(4, List.of("slack"));
      assertThat(history(rig)).isEqualTo(asked);
      assertThat(rig.deadLetters()).isZero();
    }
  }

  private static long history(SlackRig rig) {
    return rig.slack.calls().byRoute().getOrDefault("GET /api/conversations.history", 0L);
  }
}
