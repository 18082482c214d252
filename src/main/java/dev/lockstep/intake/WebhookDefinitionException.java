package dev.lockstep.intake;

import java.util.List;

/** What is wrong with {@code webhook.yaml} files, a line each that names file and line. */
public final class WebhookDefinitionException extends RuntimeException {
  private final transient List<String> problems;

  WebhookDefinitionException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  List<String> problems() {
    return problems;
  }
}
