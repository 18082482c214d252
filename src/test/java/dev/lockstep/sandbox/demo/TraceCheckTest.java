package dev.lockstep.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge must see what is wrong: each test spoils one link of a chain that is whole. */
class TraceCheckTest {
  private static final TraceCheck.Chain CHAIN =
      new TraceCheck.Chain(
          "INC1",
          "#3",
          List.of("INC2", "INC3"),
          List.of(
              ActionItemCheckTest.DEPLOYED,
              ActionItemCheckTest.FAILED,
              ActionItemCheckTest.PLANNED));

  private final ObjectNode trace =
      (ObjectNode)
          read(
              """
              {"incident": {"key": "INC1"}, "alert": {"key": "#3"},
               "duplicates": [{"key": "INC2"}, {"key": "#4"}, {"key": "INC3"}],
               "postmortems": [{"name": "INC1"}],
               "items": [
                 {"key": "AI-1", "title": "Move", "stage": "in-change", "change": {"key": "CHG3"}},
                 {"key": "AI-2", "title": "Retry", "stage": "deployed", "change": {"key": "CHG1"}},
                 {"key": "AI-3", "title": "Write", "stage": "needs-owner", "change": null},
                 {"key": "AI-4", "title": "Practise", "stage": "needs-due-date", "change": null},
                 {"key": "AI-5", "title": "Alert", "stage": "reopened", "change": {"key": "CHG2"}}]}
              """);

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private ObjectNode item(int at) {
    return (ObjectNode) trace.at("/items/" + at);
  }

  private TraceCheck judge() {
    return TraceCheck.of(trace, CHAIN);
  }

  @Test
  void findsNothingWhereTheChainIsWhole() {
    assertThat(judge()).isEqualTo(new TraceCheck(5, List.of()));
  }

  @Test
  void seesAnotherIncidentAndNoAlert() {
    trace.putObject("incident").put("key", "INC9");
    trace.putNull("alert");

    assertThat(judge().problems())
        .containsExactly(
            "the trace's incident is «INC9» and not «INC1»",
            "the trace's alert is «» and not «#3»");
  }

  @Test
  void seesADuplicateThatIsMissing() {
    ((ArrayNode) trace.path("duplicates")).remove(0);

    assertThat(judge().problems()).containsExactly("the trace lacks the duplicates [INC2]");
  }

  @Test
  void seesThatThePostmortemIsMissing() {
    trace.putArray("postmortems");

    assertThat(judge().problems())
        .containsExactly("the trace's number of postmortems is «0» and not «1»");
  }

  @Test
  void seesAnItemThatIsMissing() {
    ((ArrayNode) trace.path("items")).remove(1);

    assertThat(judge()).isEqualTo(new TraceCheck(4, List.of("the trace lacks the change CHG1")));
  }

  @Test
  void seesAFailedChangeThatIsCalledDeployed() {
    item(4).put("stage", "deployed");

    assertThat(judge().items()).isEqualTo(4);
    assertThat(judge().problems())
        .containsExactly("the trace has AI-5 «Alert» as deployed, with the change «CHG2»");
  }

  @Test
  void seesTheChangeOfAnotherItem() {
    item(0).putObject("change").put("key", "CHG1");
    item(1).putObject("change").put("key", "CHG3");

    assertThat(judge().items()).isEqualTo(3);
    assertThat(judge().problems()).contains("the trace lacks the change CHG1");
  }

  @Test
  void seesThatNothingIsSaidToLackAnOwner() {
    item(2).put("stage", "needs-due-date");

    assertThat(judge().problems()).contains("the trace has no item that needs-owner");
  }

  @Test
  void seesEverythingMissingWhereLockstepDoesNotAnswer() {
    assertThat(TraceCheck.of(MissingNode.getInstance(), CHAIN).items()).isZero();
    assertThat(TraceCheck.of(MissingNode.getInstance(), CHAIN).problems()).hasSize(9);
  }
}
