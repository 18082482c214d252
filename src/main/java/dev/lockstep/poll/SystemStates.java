package dev.lockstep.poll;

import dev.lockstep.connector.ConnectorHealth;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State of the systems and of the reading of their feeds, for operators. Makes no calls. */
public interface SystemStates {

  /**
   * @param up whether calls are made and any of its feeds can be read
   * @param degraded whether anything of it needs attention
   * @param sendsWebhooks whether Lockstep understands webhooks of it
   */
  record SystemState(
      ConnectorHealth.Health calls,
      boolean up,
      boolean degraded,
      boolean sendsWebhooks,
      List<Feed> feeds,
      List<Check> checks) {

    /** When any feed was last read to its end; null if none was yet. */
    public @Nullable Instant lastSuccess() {
      return feeds.stream()
          .map(Feed::lastSuccess)
          .filter(at -> at != null)
          .max(Instant::compareTo)
          .orElse(null);
    }
  }

  /**
   * @param lastSuccess when it was last read to its end; null if it was not yet
   * @param problem why it cannot be read; empty if it can
   */
  record Feed(String name, @Nullable Instant lastSuccess, String problem) {}

  /** What is known of a check that is asked while Lockstep runs. */
  enum CheckState {
    PASS,
    WARNING,
    FAIL,
    /** Never asked, or too long ago: it may be either. */
    UNKNOWN
  }

  /**
   * @param found what the system answered last; empty if it was never asked
   * @param advice what an operator must do; empty if nothing
   * @param askedAt when any process asked last; null if none did
   * @param repaired ids of what was switched on again last; empty if nothing ever was
   */
  record Check(
      String name,
      CheckState state,
      String found,
      String advice,
      @Nullable Instant askedAt,
      List<String> repaired,
      @Nullable Instant repairedAt) {}

  /** One entry per system, sorted by name. */
  List<SystemState> states();
}
