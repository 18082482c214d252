package dev.lockstep.intake.definition;

import java.util.List;

/** Invalid {@code webhook.yaml} files: one line per problem, with file and line number. */
public final class WebhookDefinitionException extends RuntimeException {
  private final transient List<String> problems;

  WebhookDefinitionException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
