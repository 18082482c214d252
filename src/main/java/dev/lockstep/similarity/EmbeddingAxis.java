package dev.lockstep.similarity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes two kinds of texts by the direction from the embeddings of example sentences of the
 * one kind to those of the other. The file contains both the sentences and the numbers, so that the
 * index does not load the model.
 */
final class EmbeddingAxis {

  private final float[] direction;

  private EmbeddingAxis(float[] direction) {
    this.direction = direction;
  }

  static EmbeddingAxis load(String name) {
    List<String> numbers =
        lines(name).stream()
            .filter(line -> line.startsWith("= "))
            .flatMap(line -> List.of(line.substring(2).split(" ")).stream())
            .toList();
    float[] direction = new float[numbers.size()];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = Float.parseFloat(numbers.get(i));
    }
    return new EmbeddingAxis(direction);
  }

  static List<String> lines(String name) {
    String file = "/similarity/%s-axis.txt".formatted(name);
    try (InputStream in = EmbeddingAxis.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return above zero: closer to the first kind; below: to the second; zero without an embedding,
   *     or with that of another model
   */
  double project(float @Nullable [] embedding) {
    if (embedding == null || embedding.length != direction.length) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < embedding.length; i++) {
      sum += embedding[i] * direction[i];
    }
    return sum;
  }
}
