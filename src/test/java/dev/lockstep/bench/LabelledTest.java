package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.similarity.Embedding;
import dev.lockstep.similarity.SentenceEmbedding;
import dev.lockstep.similarity.Thresholds;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mode automatic joins of templates and outages whose subjects are known. */
final class LabelledTest {
  private static final Path SAMPLES = Path.of("src/test/resources/duplicates");
  private static final SentenceEmbedding MODEL = new SentenceEmbedding();

  private final StringWriter out = new StringWriter();

  /** The least is what was measured; {@code docs/duplicates.md} has the figures. */
  @ParameterizedTest
  @CsvSource({
    "tuning, 1, 0.46, 1, 0.46, 1, 0.19",
    "held-out, 1, 0.51, 1, 0.51, 1, 0.21",
    "final, 1, 0.30, 1, 0.30, 1, 0.12",
    "concurrent, 1, 0.39, 1, 0.39, 1, 0.13",
    "concurrent-check, 1, 0.30, 1, 0.30, 1, 0.19",
    "fourth, 1, 0.16, 1, 0.15, 1, 0.08",
    "fifth, 0.94, 0.13, 0.94, 0.13, 0.93, 0.07"
  })
  void joinsSomeOfAnOutageAndHardlyTwoSubjects(
      String half,
      double precision,
      double recall,
      double precisionApart,
      double recallApart,
      double precisionAlone,
      double recallAlone) {
    Labelled labelled = labelled(half, MODEL);
    atLeast(labelled.replay(), precision, recall);
    atLeast(labelled.replayApart(), precisionApart, recallApart);
    atLeast(labelled.pairs(), precisionAlone, recallAlone);
  }

  private void atLeast(Labelled.Score score, double precision, double recall) {
    assertThat(score.precision()).as("%s", out).isGreaterThanOrEqualTo(precision);
    assertThat(score.recall()).as("%s", out).isGreaterThanOrEqualTo(recall);
  }

  @Test
  void withoutEmbeddingsNothingOfAnotherSubjectIsJoinedEither() {
    for (String half :
        new String[] {"tuning", "held-out", "final", "concurrent", "concurrent-check", "fourth"}) {
      assertThat(labelled(half, Embedding.none()).replay().precision()).as("%s", out).isEqualTo(1);
    }
  }

  private Labelled labelled(String half, Embedding embedding) {
    return new Labelled(
        SAMPLES.resolve("labelled-" + half + ".csv"),
        embedding,
        Thresholds.defaults(),
        new PrintWriter(out, true));
  }
}
