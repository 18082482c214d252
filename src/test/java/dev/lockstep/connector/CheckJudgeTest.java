package dev.lockstep.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.connector.CheckJudge.Verdict;
import dev.lockstep.connector.Finding.Status;
import dev.lockstep.connector.definition.CheckDefinition;
import dev.lockstep.connector.definition.CheckDefinition.Condition;
import dev.lockstep.connector.definition.CheckDefinition.Names;
import dev.lockstep.connector.definition.CheckDefinition.Severity;
import dev.lockstep.connector.definition.CheckDefinition.Wanted;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckJudgeTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();
  private static final Condition OURS =
      new Condition("to.url", "", null, Pattern.compile(".*/webhooks/toy"), null, null, "");
  private static final Condition ACTIVE =
      new Condition("active", "", "true", null, null, null, "Switch it on.");
  private static final Condition EVENTS =
      new Condition("events", "", null, null, new Wanted(Names.EVENT_TYPES, Set.of()), null, "");
  private static final Condition WHOLE =
      new Condition("filter", "", "account", null, null, Severity.WARNING, "Cover the rest.");

  @Test
  void passesWhatShowsEverything() throws IOException {
    assertThat(
            judge(
                "[{to:{url:'https://x/webhooks/toy'},active:true,events:['a','b','c'],filter:'account'}]"))
        .isEqualTo(new Verdict(Status.PASS, "as required", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{to:{url:'https://x/webhooks/other'},active:true,events:['a','b']}]",
        "[{}]"
      })
  void failsWhereNoneIsMeant(String list) throws IOException {
    Verdict verdict = judge(list);
    assertThat(verdict.status()).isEqualTo(Status.FAIL);
    assertThat(verdict.advice()).isEqualTo("Set it up.");
  }

  /** An answer that shows nothing is no agreement. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{subscriptions:null}", "{subscriptions:{}}", "[]", "'text'"})
  void failsAnAnswerWithoutTheList(String answer) throws IOException {
    assertThat(judgeAnswer(answer).status()).isEqualTo(Status.FAIL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "active:false,events:['a','b'] | active is false | Switch it on.",
        "active:null,events:['a','b'] | active is empty | Switch it on.",
        "events:['a','b'] | active is not shown | Switch it on.",
        "active:true,events:['b','x'] | events lacks a | Set it up.",
        "active:true | events is not shown | Set it up.",
        "active:true,events:null | events is not shown | Set it up.",
        "active:{x:1},events:[] | active is {\"x\":1}; events lacks a, b | Switch it on. Set it up."
      })
  void saysWhatIsMissing(String shown, String found, String advice) throws IOException {
    assertThat(judge("[{to:{url:'/webhooks/toy'},filter:'account'," + shown + "}]"))
        .isEqualTo(new Verdict(Status.FAIL, found, advice));
  }

  @Test
  void warnsOfWhatIsDeclaredAWarning() throws IOException {
    assertThat(judge("[{to:{url:'/webhooks/toy'},filter:'team',active:true,events:['a','b']}]"))
        .isEqualTo(new Verdict(Status.WARNING, "filter is team", "Cover the rest."));
  }

  @Test
  void warnsIfOneOfSeveralLacksSomething() throws IOException {
    String right = "{to:{url:'/webhooks/toy'},filter:'account',active:true,events:['a','b']}";
    assertThat(
            judge(
                "["
                    + right
                    + ",{to:{url:'/webhooks/toy'},filter:'account',active:false,events:['a','b']}]"))
        .isEqualTo(new Verdict(Status.WARNING, "1 of 2: active is false", "Switch it on."));
    assertThat(judge("[" + right + "," + right + "]").status()).isEqualTo(Status.PASS);
  }

  @ParameterizedTest
  @CsvSource({
    "'var F = [state, assigned_to.email]',assigned_to",
    "'var F = [u_state, assigned_to, assigned_to.email]',state",
    "'var F = [state.x, assigned_to, assigned_to.email]',state",
    "'var F = [state, assigned_to]',assigned_to.email"
  })
  void aTextMentionsWholeNamesOnly(String script, String missing) {
    Condition mentions =
        new Condition("script", "", null, null, new Wanted(Names.FIELDS, Set.of()), null, "");
    CheckDefinition check = check("", List.of(), List.of(mentions), "Put it in.");
    Set<String> fields = Set.of("state", "assigned_to", "assigned_to.email");
    assertThat(
            new CheckJudge(check, Map.of(Names.FIELDS, fields))
                .judge(JSON.createObjectNode().put("script", script)))
        .isEqualTo(new Verdict(Status.FAIL, "script lacks " + missing, "Put it in."));
  }

  @Test
  void aListHasTheNamesThatTheCheckLists() {
    Condition roles =
        new Condition(
            "key.roles", "", null, null, new Wanted(null, Set.of("viewer", "editor")), null, "");
    CheckDefinition check = check("", List.of(), List.of(roles), "Add them.");
    ObjectNode answer = JSON.createObjectNode();
    answer.putObject("key").putArray("roles").add("viewer").add("owner");
    assertThat(new CheckJudge(check, Map.of()).judge(answer))
        .isEqualTo(new Verdict(Status.FAIL, "key.roles lacks editor", "Add them."));
    ((ArrayNode) answer.at("/key/roles")).add("editor");
    assertThat(new CheckJudge(check, Map.of()).judge(answer).status()).isEqualTo(Status.PASS);
  }

  private static Verdict judge(String list) throws IOException {
    return judgeAnswer("{subscriptions:" + list + "}");
  }

  private static Verdict judgeAnswer(String answer) throws IOException {
    CheckDefinition check =
        check("subscriptions", List.of(OURS), List.of(ACTIVE, EVENTS, WHOLE), "Set it up.");
    return new CheckJudge(check, Map.of(Names.EVENT_TYPES, Set.of("a", "b")))
        .judge(JSON.readTree(answer));
  }

  private static CheckDefinition check(
      String among, List<Condition> where, List<Condition> shows, String advice) {
    return new CheckDefinition(
        "subscription",
        "",
        null,
        "list",
        "",
        "",
        among,
        where,
        shows,
        null,
        null,
        false,
        false,
        null,
        null,
        null,
        advice);
  }
}
