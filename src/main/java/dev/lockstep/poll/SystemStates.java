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
   */
  record SystemState(ConnectorHealth.Health calls, boolean up, boolean degraded, List<Feed> feeds) {

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

  /** One entry per system, sorted by name. */
  List<SystemState> states();
}
