package dev.lockstep.connector;

import java.util.List;

/** What is wrong with the files under {@code connectors/}, one line per problem. */
public final class ConnectorDefinitionException extends RuntimeException {
  private final transient List<String> problems;

  ConnectorDefinitionException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Each names the file, the line where it is known, the key, the reason and the cure. */
  public List<String> problems() {
    return problems;
  }
}
