package dev.lockstep.connector.definition;

import java.util.List;

/** Errors in the files under {@code connectors/}, one line per problem. */
public final class ConnectorDefinitionException extends RuntimeException {
  private final transient List<String> problems;

  ConnectorDefinitionException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Each line contains the file, the line if known, the key, the reason and the fix. */
  public List<String> problems() {
    return problems;
  }
}
