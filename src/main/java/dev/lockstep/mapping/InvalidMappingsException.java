package dev.lockstep.mapping;

import dev.lockstep.ops.yaml.YamlProblem;
import java.util.List;
import java.util.stream.Collectors;

/** Invalid mapping files: one line per problem. */
public final class InvalidMappingsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<YamlProblem> problems;

  InvalidMappingsException(List<YamlProblem> problems) {
    super(problems.stream().map(YamlProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Ordered by file and line; never empty. */
  public List<YamlProblem> problems() {
    return problems;
  }
}
