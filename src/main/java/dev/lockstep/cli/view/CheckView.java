package dev.lockstep.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The results of a check of the configuration, grouped by system. */
public final class CheckView {
  private static final Map<String, String> LABELS = Map.of("WARNING", "WARN");
  private static final Map<String, String> STYLES =
      Map.of("PASS", "fg_green", "WARNING", "fg_yellow", "FAIL", "fg_red");
  private static final int WIDEST = 34;

  private final Output output;
  private final int columns;

  /**
   * @param columns of the terminal; 0: unknown, no wrapping
   */
  public CheckView(Output output, int columns) {
    this.output = output;
    this.columns = columns;
  }

  /** One line for each finding: status, what was checked, what was found and what to do. */
  public void print(JsonNode findings) {
    int width = 0;
    for (JsonNode finding : findings) {
      width = Math.max(width, Math.min(WIDEST, TreeNode.length(Output.text(finding, "check"))));
    }
    String system = "";
    for (JsonNode finding : findings) {
      if (!Output.text(finding, "title").equals(system)) {
        system = Output.text(finding, "title");
        output.heading(system);
      }
      output.printWrapped(before(finding, width), text(finding), columns);
    }
    output.line("");
    output.line(
        "%d passed, %d to look at, %d failed. No record was written to any system."
            .formatted(
                count(findings, "PASS"), count(findings, "WARNING"), count(findings, "FAIL")));
  }

  private String before(JsonNode finding, int width) {
    String status = Output.text(finding, "status");
    String check = Output.text(finding, "check");
    return output.styled(
            STYLES.getOrDefault(status, "bold"),
            String.format("%-4s", LABELS.getOrDefault(status, status)))
        + "  "
        + check
        + " ".repeat(Math.max(0, width - TreeNode.length(check)))
        + "  ";
  }

  private static String text(JsonNode finding) {
    String found = Output.text(finding, "found").strip();
    String advice = Output.text(finding, "advice").strip();
    boolean ended = found.endsWith(".") || found.endsWith("…");
    String whole = advice.isEmpty() ? found : found + (ended ? " " : ". ") + advice;
    return whole.replaceAll("\\s*\\R\\s*", " ");
  }

  /** How many findings have this status. */
  public static long count(JsonNode findings, String status) {
    return StreamSupport.stream(findings.spliterator(), false)
        .filter(finding -> finding.path("status").asText().equals(status))
        .count();
  }
}
