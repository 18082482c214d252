package dev.lockstep.pause;

import java.util.Locale;

/**
 * What a pause covers.
 *
 * @param name of the system or mapping; empty for everything
 */
public record PauseScope(Kind kind, String name) {
  /** What there is to pause. */
  public enum Kind {
    ALL,
    SYSTEM,
    MAPPING
  }

  public static final PauseScope ALL = new PauseScope(Kind.ALL, "");

  public static PauseScope system(String name) {
    return new PauseScope(Kind.SYSTEM, name);
  }

  public static PauseScope mapping(String name) {
    return new PauseScope(Kind.MAPPING, name);
  }

  /** The inverse of {@code toString()}. */
  public static PauseScope parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? ALL
        : new PauseScope(
            Kind.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)),
            text.substring(colon + 1));
  }

  /** For messages: {@code everything}, {@code system jira} or {@code mapping incident}. */
  public String title() {
    return kind == Kind.ALL ? "everything" : kind.name().toLowerCase(Locale.ROOT) + " " + name;
  }

  /** As stored and in metrics: {@code all}, {@code system:jira} or {@code mapping:incident}. */
  @Override
  public String toString() {
    String prefix = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.ALL ? prefix : prefix + ":" + name;
  }
}
