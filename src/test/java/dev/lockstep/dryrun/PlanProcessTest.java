package dev.lockstep.dryrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.dryrun.PlanProcess.NoPlanException;
import dev.lockstep.dryrun.PlanProcess.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanProcessTest {

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).start();
  }

  private static PlanProcess start(String script) throws IOException {
    return new PlanProcess(shell(script), new ObjectMapper());
  }

  @Test
  void readsRecordByRecordAndHowFarItIs() throws IOException {
    PlanProcess process =
        start(
            """
            echo '12 records to go, 0 writes planned  ' >&2
            echo '3 records to go, 41 writes planned  ' >&2
            read go
            echo '{"compared": 2, "records": [{"key": "a"}, {"key": "b"}], "systems": [{"reads": 1}]}'
            exit 2
            """);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> process.progress().equals(new Progress(3, 41)));
    process.stop();

    List<String> keys = new ArrayList<>();
    PlanProcess second =
        start(
            """
            echo '{"compared": 2, "records": [{"key": "a"}, {"key": "b"}], "systems": [{"reads": 1}]}'
            exit 2
            """);
    try (JsonParser output = second.await()) {
      assertThat(second.read(output, record -> keys.add(record.path("key").asText())).toString())
          .isEqualTo("{\"compared\":2,\"systems\":[{\"reads\":1}]}");
    }
    assertThat(keys).containsExactly("a", "b");
  }

  @Test
  void saysWhyThereIsNoPlan() throws IOException {
    PlanProcess refused =
        start("echo 'PAGERDUTY_TOKEN: missing' >&2; echo 'PORT: wrong' >&2; exit 1");
    assertThatExceptionOfType(NoPlanException.class)
        .isThrownBy(refused::await)
        .withMessage("PAGERDUTY_TOKEN: missing\nPORT: wrong");
    PlanProcess died = start("exit 3");
    assertThatExceptionOfType(NoPlanException.class)
        .isThrownBy(died::await)
        .withMessageContaining("exit code 3; if it lacked memory, plan fewer records");
  }

  @Test
  void isNotContentWithAPartOfAPlan() throws IOException {
    PlanProcess cut = start("printf '{\"records\": [{\"key\": \"a\"}'; exit 137");
    try (JsonParser output = cut.await()) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> cut.read(output, record -> {}));
    }
    assertThat(cut.reason()).contains("exit code 137");
  }

  @Test
  void keepsTheLastMessagesOnly() throws IOException {
    PlanProcess talks = start("for i in $(seq 1 30); do echo line $i >&2; done; exit 1");
    assertThatExceptionOfType(NoPlanException.class)
        .isThrownBy(talks::await)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines())
                    .hasSize(20)
                    .startsWith("line 11")
                    .endsWith("line 30"));
  }
}
