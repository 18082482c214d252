package dev.lockstep.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keeps Lockstep from starting, in lines an operator can act upon; no stack trace needed. */
public final class StartupException extends RuntimeException {
  private final transient List<String> lines;

  public StartupException(List<String> lines, @Nullable Throwable cause) {
    super(String.join("; ", lines), cause);
    this.lines = List.copyOf(lines);
  }

  public StartupException(String line) {
    this(List.of(line), null);
  }

  public StartupException(String line, @Nullable Throwable cause) {
    this(List.of(line), cause);
  }

  /** One problem per line. */
  public List<String> lines() {
    return lines;
  }
}
