package dev.lockstep.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.audit.AuditEntry;
import dev.lockstep.audit.AuditStore;
import dev.lockstep.audit.AuditSubject;
import dev.lockstep.pair.Pair;
import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.Postmortems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands of timelines and reports, against the whole service. */
class ReportCommandsTest {
  private final ConsoleRig rig = new ConsoleRig();
  private final ConsoleClient client = new ConsoleClient();
  private boolean terminal = true;
  private Pair pair;

  @BeforeEach
  void fill() {
    rig.empty();
    pair = rig.pair("Portal | down", "Portal", "ann");
    rig.note(pair, "ann.lee", "Restarted it.");
    ConsoleRig.bean(AuditStore.class)
        .record(
            new AuditSubject(AuditSubject.INCIDENT, pair.records().get(0).toString()),
            List.of(new AuditEntry("informed", "Sent update 1 to Executives", Map.of(), "ann")));
    rig.jdbc
        .sql(
            """
            insert into incident
            select ref, 'incident', 'P1', false, 'RESOLVED', '=Portal', 'Web', 'ann', now() - interval '2 hours',
              now(), now() - interval '1 hour 58 min', null, now() - interval '1 hour', now(), 0
            from record where ref = ?
            """)
        .param(pair.records().get(0).toString())
        .update();
  }

  private int run(String token, String... arguments) {
    return client.run(token, terminal, 0, Path.of("."), arguments);
  }

  @Test
  void theSkeletonWithAnItemIsImportedToTheIncident() throws Exception {
    assertThat(run(ConsoleRig.TOKEN, "timeline", "INC0010001", "--format", "markdown")).isZero();
    String document = client.out + "- [ ] Add an index (ann.lee@example.com, 2026-12-01)\n";

    ConsoleRig.bean(Postmortems.class)
        .receive(
            ConsoleRig.bean(PostmortemParser.class)
                .markdown(document.getBytes(StandardCharsets.UTF_8), "", "", ""),
            "ann");

    assertThat(
            rig.jdbc
                .sql("select title || ' of ' || incident from action_item")
                .query(String.class)
                .list())
        .containsExactly("Add an index of " + pair.records().get(0));
  }

  @Test
  void printsTimelines() throws Exception {
    String token = ConsoleRig.TOKEN;
    assertThat(run(token, "timeline", "#41")).isZero();
    assertThat(client.out.toString())
        .contains("INC0010001", "level     P1", "acknowledged", "Restarted it.", "ann.lee");
    assertThat(run(token, "timeline", pair.records().get(0).toString(), "--public")).isZero();
    assertThat(client.out.toString()).doesNotContain("Restarted it.");
    assertThat(run(token, "timeline", "INC0010001", "--format", "csv")).isZero();
    assertThat(client.out.toString()).startsWith("time,dated,clock,system,record,what,by,text");
    terminal = false;
    assertThat(run(token, "timeline", "INC0010001")).isZero();
    assertThat(new ObjectMapper().readTree(client.out.toString()).at("/facts/level").asText())
        .isEqualTo("P1");
  }

  @Test
  void printsReports() throws Exception {
    String token = ConsoleRig.TOKEN;
    assertThat(run(token, "report", "incidents")).isZero();
    assertThat(client.out.toString())
        .contains("2.0m, 2.0m/2.0m (1)", "1.0h, 1.0h/1.0h (1)", "total");
    assertThat(run(token, "report", "incidents", "--csv")).isZero();
    assertThat(client.out.toString()).contains("'=Portal,1,0,0,1,0,0,120,120,120,");
    assertThat(run(token, "report", "closed", "--since", "1d", "--level", "P1")).isZero();
    assertThat(client.out.toString()).contains("INC0010001", "Portal | down");
    assertThat(run(token, "report", "closed", "--csv")).isZero();
    assertThat(client.out.toString()).contains(",INC0010001,Portal | down,P1,'=Portal,,0,0");
    assertThat(run(token, "report", "recurrence")).isZero();
    assertThat(client.out.toString()).contains("No service had 3 incidents within 7 days.");
    assertThat(run(token, "report", "recurrence", "--csv")).isZero();
    assertThat(client.out.toString()).isEqualTo("service,incidents,most at once,from,last\r\n");
    assertThat(run(token, "report", "duplicates", "--csv")).isZero();
    assertThat(client.out.toString()).isEqualTo("incident,title,service,opened,duplicates\r\n");
    assertThat(run(token, "report", "duplicates")).isZero();
    assertThat(client.out.toString()).contains("No ticket of that time has duplicates.");
    terminal = false;
    assertThat(run(token, "report", "incidents", "--by", "level")).isZero();
    JsonNode report = new ObjectMapper().readTree(client.out.toString());
    assertThat(report.at("/groups/0/name").asText()).isEqualTo("P1");
    assertThat(report.at("/total/update/count").asInt()).isEqualTo(1);
    assertThat(report.at("/total/mitigate/median").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "timeline INC404, 1, No incident was found for 'INC404'",
    "timeline INC0010001 --format pdf, 2, 'format: use json, csv or markdown'",
    "export audit INC404, 1, No incident was found for 'INC404'",
    "export audit --since tomorrow, 2, since: 'tomorrow' is not a time",
    "export, 2, missing subcommand",
    "timeline, 2, Missing required parameter",
    "report, 2, missing subcommand",
    "report incidents --since yesterday, 2, since: 'yesterday' is not a time",
    "report incidents --until 2026-02-30, 2, until: '2026-02-30' is not a time",
    "report incidents --by colour, 2, 'by: use service, level, team or month'",
    "report closed --limit 0, 2, limit: 0 is not between 1 and 10000",
    "report recurrence --incidents 1, 2, least: 1 is less than 2",
    "report recurrence --days 0, 2, days: 0 is not between 1 and 3660",
    "report duplicates --limit x, 2, Invalid value"
  })
  void saysWhatIsWrong(String command, int exitCode, String problem) throws Exception {
    assertThat(run(ConsoleRig.TOKEN, command.split(" "))).isEqualTo(exitCode);
    assertThat(client.err.toString()).contains(problem);
    assertThat(client.err.toString().lines()).hasSize(1);
  }

  @Test
  void exportsTheAuditOfAnIncidentAndVerifiesIt(@TempDir Path folder) throws Exception {
    String token = ConsoleRig.TOKEN;
    Path first = folder.resolve("first.jsonl");
    assertThat(run(token, "export", "audit", "INC0010001")).isZero();
    Files.writeString(first, client.out.toString());
    assertThat(client.out.toString())
        .contains(
            "pair:" + pair.id(),
            "is in scope",
            "\"scope\":\"INC0010001\"",
            "Sent update 1 to Executives");
    Path later = folder.resolve("later.jsonl");
    assertThat(run(token, "export", "audit", "#41", "--since", "7d")).isZero();
    Files.writeString(later, client.out.toString());
    assertThat(run(token, "export", "audit")).isZero();

    assertThat(run("", "export", "verify", first.toString())).isZero();
    assertThat(client.out.toString()).contains("is unchanged: 4 entries, last hash ");
    assertThat(run("", "export", "verify", first + "", "--recorded-in", later + "")).isZero();
    assertThat(run("", "export", "verify", later + "", "--recorded-in", first + "")).isEqualTo(1);
    Files.writeString(first, Files.readString(first).replace("Created #41", "Created #42"));
    assertThat(run("", "export", "verify", first.toString())).isEqualTo(1);
    assertThat(client.err.toString()).contains("first.jsonl: line 3: was changed");
    Files.write(first, new byte[] {(byte) 0xff, '\n'});
    assertThat(run("", "export", "verify", first.toString())).isEqualTo(1);
    assertThat(run("", "export", "verify", folder.resolve("none") + "")).isEqualTo(2);
  }

  /** It writes to the audit. */
  @Test
  void aViewerCannotExport() throws Exception {
    String name = "viewer-" + System.nanoTime();
    terminal = false;
    assertThat(run(ConsoleRig.TOKEN, "tokens", "create", name, "--role", "viewer")).isZero();
    String viewer = new ObjectMapper().readTree(client.out.toString()).path("secret").asText();
    assertThat(run(viewer, "timeline", "INC0010001")).isZero();
    assertThat(run(viewer, "report", "incidents")).isZero();
    assertThat(run(viewer, "export", "audit")).isEqualTo(1);
    assertThat(client.err.toString()).contains("operator");
    assertThat(client.out.toString()).isEmpty();
  }

  @Test
  void showsNothingWithoutAToken() {
    for (String command : new String[] {"timeline INC0010001", "report incidents"}) {
      assertThat(run("wrong-token-of-nobody", command.split(" "))).isEqualTo(1);
      assertThat(client.out.toString()).isEmpty();
      assertThat(client.err.toString()).contains("rejects the token");
    }
  }
}
