package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.likeness.Embedding;
import dev.lockstep.likeness.SentenceEmbedding;
import dev.lockstep.likeness.Thresholds;
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
    "tuning, 1, 0.92, 1, 0.64",
    "held-out, 1, 0.82, 1, 0.53",
    "final, 1, 0.90, 1, 0.55",
    "concurrent, 1, 0.79, 0.98, 0.42",
    "concurrent-check, 1, 0.90, 0.92, 0.50",
    "fourth, 0.69, 0.37, 0.92, 0.28"
  })
  void joinsOutagesAndHardlyTwoSubjects(
      String half, double precision, double recall, double precisionAlone, double recallAlone) {
    Labelled labelled = labelled(half, MODEL);
    Labelled.Score pairs = labelled.pairs();
    Labelled.Score replay = labelled.replay();
    assertThat(replay.precision()).as("%s", out).isGreaterThanOrEqualTo(precision);
    assertThat(replay.recall()).as("%s", out).isGreaterThanOrEqualTo(recall);
    assertThat(pairs.precision()).as("%s", out).isGreaterThanOrEqualTo(precisionAlone);
    assertThat(pairs.recall()).as("%s", out).isGreaterThanOrEqualTo(recallAlone);
  }

  @Test
  void withoutEmbeddingsNothingOfAnotherSubjectIsJoinedEither() {
    for (String half :
        new String[] {"tuning", "held-out", "final", "concurrent", "concurrent-check"}) {
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
