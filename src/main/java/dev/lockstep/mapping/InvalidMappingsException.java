package dev.lockstep.mapping;

import dev.lockstep.ops.yaml.YamlProblem;
import java.util.List;
import java.util.stream.Collectors;

/** Mapping files that are refused: everything that is wrong with them, a line each. */
public final class InvalidMappingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<YamlProblem> problems;

  InvalidMappingsException(List<YamlProblem> problems) {
    super(problems.stream().map(YamlProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of files and lines; never empty. */
  public List<YamlProblem> problems() {
    return problems;
  }
}
