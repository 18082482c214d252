package dev.lockstep.dryrun;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that makes a plan. Its output is read record by record: a plan of many thousands would
 * not fit in the memory of the service. Thread-safe.
 */
final class PlanProcess {
  private static final Pattern PROGRESS =
      Pattern.compile("(\\d+) records to go, (\\d+) writes planned\\s*");

  private static final int MOST_LINES = 20;
  private static final long SECONDS_TO_STOP = 60;

  private final Process process;
  private final ObjectMapper json;
  private final Thread errors;
  private final Deque<String> lines = new ArrayDeque<>();
  private volatile Progress progress = new Progress(0, 0);

  PlanProcess(Process process, ObjectMapper json) {
    this.process = process;
    this.json = json;
    this.errors = new Thread(this::readErrors, "plan-errors");
    errors.setDaemon(true);
    errors.start();
  }

  /** How far it is. */
  record Progress(long open, int writes) {}

  /** There is no plan; the message says why. */
  static final class NoPlanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoPlanException(String message) {
      super(message);
    }
  }

  Progress progress() {
    return progress;
  }

  /** It deletes what it has in the database. */
  void stop() {
    process.destroy();
    process
        .onExit()
        .orTimeout(SECONDS_TO_STOP, TimeUnit.SECONDS)
        .whenComplete((ended, e) -> process.destroyForcibly());
  }

  /** Opens the plan when it begins to arrive, which may take hours. */
  JsonParser await() throws IOException {
    JsonParser plan = json.getFactory().createParser(process.getInputStream());
    if (plan.nextToken() != JsonToken.START_OBJECT) {
      throw new NoPlanException(reason());
    }
    return plan;
  }

  /**
   * @param records receives each record that would be written to
   * @return the rest of the plan
   * @throws UncheckedIOException if it is cut off
   */
  ObjectNode read(JsonParser plan, Consumer<JsonNode> records) {
    ObjectNode rest = json.createObjectNode();
    try {
      while (plan.nextToken() == JsonToken.FIELD_NAME) {
        String name = plan.currentName();
        plan.nextToken();
        if (name.equals("records")) {
          while (plan.nextToken() == JsonToken.START_OBJECT) {
            records.accept(json.readTree(plan));
          }
        } else {
          rest.set(name, json.readTree(plan));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (plan.currentToken() != JsonToken.END_OBJECT) {
      throw new NoPlanException(reason());
    }
    return rest;
  }

  /** What it says on standard error, else how it ended. */
  String reason() {
    try {
      errors.join(TimeUnit.SECONDS.toMillis(SECONDS_TO_STOP));
      synchronized (lines) {
        if (!lines.isEmpty()) {
          return String.join("\n", lines);
        }
      }
      return process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)
          ? "The process ended with exit code %d; if it lacked memory, plan fewer records"
              .formatted(process.exitValue())
          : "The process does not answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "The service was stopped; plan again";
    }
  }

  private void readErrors() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        readError(line);
      }
    } catch (IOException e) {
      readError("Its messages cannot be read: " + e);
    }
  }

  private void readError(String line) {
    Matcher made = PROGRESS.matcher(line);
    if (made.matches()) {
      progress = new Progress(Long.parseLong(made.group(1)), Integer.parseInt(made.group(2)));
    } else if (!line.isBlank()) {
      synchronized (lines) {
        lines.add(line);
        if (lines.size() > MOST_LINES) {
          lines.remove();
        }
      }
    }
  }
}
