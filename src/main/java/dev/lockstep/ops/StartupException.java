package dev.lockstep.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The problems that prevent a start, as lines an operator can act on without a stack trace. */
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
