package dev.lockstep.likeness.bench;

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

  /** The least recall is what was measured; {@code docs/duplicates.md} has the figures. */
  @ParameterizedTest
  @CsvSource({
    "tuning, 0.92, 0.64, 1",
    "held-out, 0.82, 0.53, 1",
    "final, 0.90, 0.55, 1",
    "concurrent, 0.79, 0.42, 0.98",
    "concurrent-check, 0.90, 0.50, 0.92"
  })
  void joinsOutagesAndNeverTwoSubjects(
      String half, double replayed, double alone, double preciseAlone) {
    Labelled labelled = labelled(half, MODEL);
    Labelled.Score pairs = labelled.pairs();
    Labelled.Score replay = labelled.replay();
    assertThat(pairs.precision()).as("%s", out).isGreaterThanOrEqualTo(preciseAlone);
    assertThat(replay.precision()).as("%s", out).isEqualTo(1);
    assertThat(replay.recall()).as("%s", out).isGreaterThanOrEqualTo(replayed);
    assertThat(pairs.recall()).as("%s", out).isGreaterThanOrEqualTo(alone);
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
