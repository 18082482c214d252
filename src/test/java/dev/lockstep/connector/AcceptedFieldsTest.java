package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lockstep.connector.CheckJudge.Verdict;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.ConnectorDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the checks that ship. */
final class AcceptedFieldsTest {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_SINGLE_QUOTES,
              JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
              JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();
  private static final ConnectorDefinition JIRA =
      ConnectorCatalog.load(
              List.of(Path.of("connectors")), ConnectorKit.environment(ConnectorKit.settings(9)))
          .connector("jira");

  private static final Set<String> NEW =
      Set.of("fields.summary", "fields.priority.name", "fields.components[0]");
  private static final String DEFAULTS =
      "{fieldId:'issuetype',name:'Issue Type',required:true},"
          + "{fieldId:'project',name:'Project',required:true},"
          + "{fieldId:'reporter',name:'Reporter',required:true,hasDefaultValue:false},"
          + "{fieldId:'summary',name:'Summary',required:true,hasDefaultValue:false},"
          + "{fieldId:'priority',name:'Priority',required:true,hasDefaultValue:true},"
          + "{fieldId:'components',name:'Components',required:false},";
  private static final String LABELS = "{fieldId:'labels',name:'Labels',required:false}";

  private static Verdict judge(
      String check,
      Map<String, Set<String>> created,
      Map<String, Set<String>> updated,
      String... answers)
      throws IOException {
    CheckDefinition definition =
        JIRA.checks().stream().filter(one -> one.check().equals(check)).findFirst().orElseThrow();
    List<JsonNode> read = new ArrayList<>();
    for (String answer : answers) {
      read.add(JSON.readTree(answer));
    }
    return new AcceptedFields(
            definition,
            Objects.requireNonNull(definition.accepts()),
            JIRA.kind("incident"),
            new CheckedKind(
                "jira", "incident", Set.of(), Map.of(), Map.of(), created, updated, Map.of()))
        .judge(read);
  }

  private static Verdict create(String fields) throws IOException {
    return judge(
        "incident: create screen", Map.of("a", NEW), Map.of(), "{fields:[" + fields + "]}");
  }

  private static Verdict update(String... fields) throws IOException {
    return judge(
        "incident: edit screen",
        Map.of(),
        Map.of(
            "a", Set.of("fields.summary", "fields.status.name", "fields.resolution.name"),
            "b", Set.of("fields.assignee", "url")),
        Stream.of(fields).map(each -> "{fields:{" + each + "}}").toArray(String[]::new));
  }

  @Test
  void passesWhenEveryWrittenFieldIsOnTheScreen() throws IOException {
    // Besides the mapped ones, the label that identifies the record.
    assertThat(create(DEFAULTS + LABELS))
        .isEqualTo(new Verdict(Status.PASS, "all 4 written fields are accepted", ""));
  }

  @Test
  void failsWhatIsNotOnTheScreen() throws IOException {
    Verdict verdict = create(DEFAULTS);
    assertThat(verdict.status()).isEqualTo(Status.FAIL);
    assertThat(verdict.found()).isEqualTo("does not accept labels (mapping a)");
    assertThat(verdict.advice()).contains("JIRA_PROJECT");
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, FAIL",
    "true, , FAIL",
    "true, true, PASS",
    "false, false, PASS",
  })
  void failsWhatIsRequiredAndNotWritten(String required, String hasDefault, Status expected)
      throws IOException {
    Verdict verdict =
        create(
            DEFAULTS
                + LABELS
                + ",{fieldId:'customfield_1',name:'Severity',required:%s%s}"
                    .formatted(
                        required, hasDefault == null ? "" : ",hasDefaultValue:" + hasDefault));
    assertThat(verdict.status()).isEqualTo(expected);
    if (expected == Status.FAIL) {
      assertThat(verdict.found())
          .isEqualTo("requires Severity (customfield_1), which a does not write");
    }
  }

  /** Each mapping creates its own records. */
  @Test
  void everyMappingMustFillWhatIsRequired() throws IOException {
    Verdict verdict =
        judge(
            "incident: create screen",
            Map.of("a", NEW, "b", Set.of("fields.summary", "fields.duedate")),
            Map.of(),
            "{fields:[%s%s,{fieldId:'duedate',name:'Due date',required:true}]}"
                .formatted(DEFAULTS, LABELS));
    assertThat(verdict.found()).isEqualTo("requires Due date (duedate), which a does not write");
  }

  @Test
  void aScreenThatIsNotShownWholeProvesNothingMissing() throws IOException {
    String answer = "{total:250,fields:[" + DEFAULTS + "{fieldId:'x',name:'x'}]}";
    Verdict verdict = judge("incident: create screen", Map.of("a", NEW), Map.of(), answer);
    assertThat(verdict.status()).isEqualTo(Status.WARNING);
    assertThat(verdict.found())
        .isEqualTo("only 7 of 250 fields are shown; of these: does not accept labels (mapping a)");
    assertThat(
            judge(
                    "incident: create screen",
                    Map.of("a", NEW),
                    Map.of(),
                    "{total:250,fields:[" + DEFAULTS + LABELS + "]}")
                .status())
        .isEqualTo(Status.WARNING);
  }

  @Test
  void aTransitionWritesTheStatusAndTheResolution() throws IOException {
    assertThat(update("summary:{},assignee:{}").status()).isEqualTo(Status.PASS);
    assertThat(update("summary:{}"))
        .extracting(Verdict::status, Verdict::found)
        .containsExactly(Status.FAIL, "does not accept assignee (mapping b)");
  }

  /** What a field may be depends on the status of its issue, too. */
  @Test
  void theBestOfSeveralIssuesDecides() throws IOException {
    assertThat(update("summary:{}", "summary:{},assignee:{}", ""))
        .extracting(Verdict::status, Verdict::found)
        .containsExactly(Status.WARNING, "1 of 2: does not accept assignee (mapping b)");
  }

  @Test
  void anIssueThatMayNotBeEditedProvesNothing() throws IOException {
    assertThat(update("", "").status()).isEqualTo(Status.WARNING);
    assertThat(update("").found()).isEqualTo("no field is accepted, or shown");
    assertThat(
            judge("incident: create screen", Map.of("a", NEW), Map.of(), "{message:'Hello'}")
                .status())
        .isEqualTo(Status.WARNING);
  }
}
