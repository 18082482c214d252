package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sandbox.BadFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recorded log: what is read from it, and what a wrong one is answered. */
class AuditLogTest {
  private static final String HEADER =
      "number,incident_state,impact,urgency,assignment_group,assigned_to,cmdb_ci,category,"
          + "u_symptom,closed_code,sys_updated_by,sys_mod_count,more\n";
  private static final String NEW =
      "INC1,New,2 - Medium,1 - High,Group 5,?,?,Category 3,\"Slow, very\",?,Updated by 2,0,x\n";

  @TempDir private Path folder;

  @Test
  void readsRowsInOrderByTheNamesOfTheirColumns() throws IOException {
    List<LogLine> lines =
        read(HEADER + NEW + "INC1,Closed,2 - Medium,1 - High,?,Bo,?,?,?,code 7,Updated by 3,4,y\n");

    assertThat(lines).extracting(LogLine::number).containsExactly("INC1", "INC1");
    assertThat(lines.get(0).symptom()).isEqualTo("Slow, very");
    assertThat(lines.get(0).assignee()).describedAs("? is not a value").isEmpty();
    assertThat(lines.get(1).assignee()).isEqualTo("Bo");
    assertThat(lines.get(1).line()).isEqualTo(3);
    assertThat(lines.get(1).closed()).isTrue();
  }

  @Test
  void takesAByteOrderMarkEmptyLinesAndQuotedLineEnds() throws IOException {
    List<LogLine> lines =
        read("\uFEFF" + HEADER + "\n" + NEW.replace("Slow, very", "Slow\n\"\"very\"\"") + NEW);

    assertThat(lines.get(0).symptom()).isEqualTo("Slow\n\"very\"");
    assertThat(lines.get(1).line()).describedAs("the line the row began on").isEqualTo(5);
  }

  @Test
  void countsEventsAndTickets() throws IOException {
    AuditLog log = log(HEADER + NEW + NEW + NEW.replace("INC1", "INC2"));

    log.check();

    assertThat(log.events()).isEqualTo(3);
    assertThat(log.tickets()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INC1,New|:3: has 2 values where the first line names 13 columns",
        "INC1,Lost,2,1,g,?,?,c,s,?,u,0,x|:3: incident_state «Lost» is not known",
        "?,New,2,1,g,?,?,c,s,?,u,0,x|:3: number is empty",
        "INC1,New,9 - Much,1,g,?,?,c,s,?,u,0,x|:3: impact «9 - Much» is none of 1, 2 and 3",
        "INC1,\"New|:3: is no CSV: a quoted value never ends, or text follows it; close the quote",
      })
  void namesFileLineAndReasonOfABadRow(String row, String reason) throws IOException {
    AuditLog log = log(HEADER + NEW + row + "\n");

    assertThatThrownBy(log::check)
        .isInstanceOf(BadFileException.class)
        .hasMessageEndingWith("log.csv" + reason);
  }

  @Test
  void namesAMissingColumn() throws IOException {
    AuditLog log = log(HEADER.replace("impact,", "impakt,") + NEW);

    assertThatThrownBy(log::check).hasMessageContaining("log.csv:1: there is no column \"impact\"");
  }

  @Test
  void refusesAnEmptyFileAndOneWithoutEvents() throws IOException {
    assertThatThrownBy(log("")::check).hasMessageContaining("log.csv:1: the file is empty");
    assertThatThrownBy(log(HEADER)::check).hasMessageContaining("has no event");
  }

  @Test
  void refusesWhatIsNotText() throws IOException {
    Path file = folder.resolve("log.csv");
    Files.write(file, new byte[] {(byte) 0xC3, (byte) 0x28, '\n'});

    assertThatThrownBy(() -> new AuditLog(file).check()).hasMessageContaining("is not UTF-8");
  }

  @Test
  void createsATicketWithWhatIsKnownOnly() throws IOException {
    Map<String, String> fields = read(HEADER + NEW).get(0).creation();

    assertThat(fields)
        .containsEntry("number", "INC1")
        .containsEntry("short_description", "Slow, very, Category 3")
        .containsEntry("state", "1")
        .containsEntry("impact", "2")
        .containsEntry("urgency", "1")
        .containsEntry("assignment_group", "Group 5")
        .doesNotContainKeys("assigned_to", "cmdb_ci", "close_code", "hold_reason");
  }

  @ParameterizedTest
  @CsvSource({
    "New,1,",
    "Active,2,",
    "Awaiting User Info,3,1",
    "Awaiting Evidence,3,2",
    "Awaiting Problem,3,3",
    "Awaiting Vendor,3,4",
    "Resolved,6,",
    "Closed,7,"
  })
  void takesStatesToTheirNumbers(String word, String state, String reason) throws IOException {
    Map<String, String> fields = read(HEADER + NEW.replace("New", word)).get(0).creation();

    assertThat(fields).containsEntry("state", state);
    assertThat(fields.get("hold_reason")).isEqualTo(reason);
  }

  @Test
  void resolvesWithACodeAndNotesEvenIfTheLogHasNone() throws IOException {
    Map<String, String> fields = read(HEADER + NEW.replace("New", "Resolved")).get(0).creation();

    assertThat(fields)
        .containsEntry("close_code", "Not recorded")
        .containsEntry("close_notes", "Closed with Not recorded");
  }

  @Test
  void editsOnlyWhatDiffersAndEmptiesWhatIsNoLongerKnown() throws IOException {
    List<LogLine> lines =
        read(
            HEADER
                + NEW.replace(",?,?,Category", ",Bo,?,Category")
                + NEW.replace("Updated by 2,0", "Updated by 2,1"));

    assertThat(lines.get(1).edit(lines.get(0)))
        .isEqualTo(Map.of("assigned_to", "", LogLine.STEP, "1/3"));
  }

  private List<LogLine> read(String text) throws IOException {
    List<LogLine> lines = new ArrayList<>();
    log(text).read(lines::add);
    return lines;
  }

  private AuditLog log(String text) throws IOException {
    Path file = folder.resolve("log.csv");
    Files.writeString(file, text);
    return new AuditLog(file);
  }
}
