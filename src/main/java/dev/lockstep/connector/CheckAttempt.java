package dev.lockstep.connector;

import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.ConnectorDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition.SettingKind;
import java.time.DateTimeException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks one system something and says what a failure means before the start. Records whether the
 * system answers at all: without that, further questions are pointless.
 */
final class CheckAttempt {
  private static final String ASK_AGAIN = "Run the check again later.";

  private final ConnectorDefinition connector;
  private final SystemClient client;
  private CheckJudge.@Nullable Verdict failure;
  private boolean unreachable;

  CheckAttempt(ConnectorDefinition connector, SystemClient client) {
    this.connector = connector;
    this.client = client;
  }

  /**
   * @return null if it failed; {@link #failure} says why
   */
  <T> @Nullable T ask(Supplier<T> question) {
    failure = null;
    try {
      try {
        return question.get();
      } catch (RetryLaterException e) {
        ConnectorHealth.Health health = client.health();
        if (health.heldUntil() != null || !health.trouble().isEmpty()) {
          throw e;
        }
        // An access token was refused; a new one is requested once.
        return question.get();
      }
    } catch (RequestRejectedException e) {
      String status = e.status() < 400 ? "" : "refused with " + e.status() + ": ";
      failure = fail(status + oneLine(e.answer()), e.advice());
    } catch (RetryLaterException e) {
      failure = later(e);
    } catch (SystemUnavailableException e) {
      // One call that fails among others is no reason to stop.
      unreachable = !client.accepted();
      failure =
          fail(
              oneLine(String.valueOf(e.getMessage())),
              "Check %s, the network and whether the system is up.".formatted(address(connector)));
    } catch (RecordNotFoundException e) {
      failure =
          new CheckJudge.Verdict(
              Status.WARNING, oneLine(String.valueOf(e.getMessage())), ASK_AGAIN);
    } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
      failure =
          fail(
              oneLine(String.valueOf(e.getMessage())),
              "Compare the answer with %s.".formatted(connector.file()));
    }
    return null;
  }

  private CheckJudge.Verdict later(RetryLaterException e) {
    unreachable = true;
    String trouble = client.health().trouble();
    return trouble.isEmpty()
        ? fail(oneLine(String.valueOf(e.getMessage())), ASK_AGAIN + " Nothing else was asked.")
        : fail(
            oneLine(String.valueOf(e.getMessage()).replace(". " + trouble, "")),
            trouble + " Nothing else was asked.");
  }

  private static CheckJudge.Verdict fail(String found, String advice) {
    return new CheckJudge.Verdict(Status.FAIL, found, advice);
  }

  /** Why the last question failed; null if it did not. */
  CheckJudge.@Nullable Verdict failure() {
    return failure;
  }

  /** Whether no answer came, or the system accepts no more calls for now. */
  boolean unreachable() {
    return unreachable;
  }

  /** The variable of the system's address; empty for a system within Lockstep's own process. */
  static String address(ConnectorDefinition connector) {
    return connector.settings().values().stream()
        .filter(
            setting -> setting.kind() == SettingKind.URL || setting.kind() == SettingKind.ORIGIN)
        .map(ConnectorDefinition.Setting::env)
        .sorted()
        .findFirst()
        .orElse("");
  }

  private static String oneLine(String text) {
    return CheckJudge.truncate(text.strip().replaceAll("\\s*\\R\\s*", " "));
  }
}
