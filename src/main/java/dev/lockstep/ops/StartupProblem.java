package dev.lockstep.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keeps Lockstep from starting, in lines an operator can act upon; no stack trace needed. */
public final class StartupProblem extends RuntimeException {
  private final transient List<String> lines;

  public StartupProblem(List<String> lines, @Nullable Throwable cause) {
    super(String.join("; ", lines), cause);
    this.lines = List.copyOf(lines);
  }

  public StartupProblem(String line) {
    this(List.of(line), null);
  }

  public StartupProblem(String line, @Nullable Throwable cause) {
    this(List.of(line), cause);
  }

  /** One problem per line. */
  public List<String> lines() {
    return lines;
  }
}
