package dev.lockstep.communication.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stakeholders who are informed in the same words at the same times.
 *
 * @param name in the settings, for example {@code executives}
 * @param every by level of the incident, the interval of the updates
 * @param first until the first update; null: as {@code every}
 * @param afterResolution until the final update, counted from the resolution; null: there is none
 * @param subject of e-mails, and the title of other messages
 * @param text the draft
 */
public record Audience(
    String name,
    String title,
    Map<String, Duration> every,
    @Nullable Duration first,
    @Nullable Duration afterResolution,
    UpdateTemplate subject,
    UpdateTemplate text,
    List<Target> to) {
  public Audience {
    every = Map.copyOf(every);
    to = List.copyOf(to);
  }

  /** Empty if incidents of that level need no updates. */
  public Optional<Duration> interval(String level) {
    return Optional.ofNullable(every.get(level));
  }
}
