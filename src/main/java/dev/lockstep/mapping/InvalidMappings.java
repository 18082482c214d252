package dev.lockstep.mapping;

import java.util.List;
import java.util.stream.Collectors;

/** Mapping files that are refused: everything that is wrong with them, a line each. */
public final class InvalidMappings extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  InvalidMappings(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of files and lines; never empty. */
  public List<Problem> problems() {
    return problems;
  }

  /**
   * One thing wrong.
   *
   * @param line counted from 1; 0: the file as a whole
   * @param text what is wrong and how to mend it
   */
  public record Problem(String file, int line, String text) {
    @Override
    public String toString() {
      return line == 0 ? file + ": " + text : file + ":" + line + ": " + text;
    }
  }
}
