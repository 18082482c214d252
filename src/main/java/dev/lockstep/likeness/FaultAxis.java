package dev.lockstep.likeness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells texts that report a fault from texts that ask for something, by their embedding. A fault
 * may be that of many; a request is that of one person, however alike another one is.
 */
final class FaultAxis {
  private static final String FILE = "/likeness/fault-axis.txt";

  private final float[] direction;

  private FaultAxis(float[] direction) {
    this.direction = direction;
  }

  static FaultAxis load() {
    List<String> numbers =
        lines().stream()
            .filter(line -> line.startsWith("= "))
            .flatMap(line -> List.of(line.substring(2).split(" ")).stream())
            .toList();
    float[] direction = new float[numbers.size()];
    for (int i = 0; i < direction.length; i++) {
      direction[i] = Float.parseFloat(numbers.get(i));
    }
    return new FaultAxis(direction);
  }

  static List<String> lines() {
    try (InputStream in = FaultAxis.class.getResourceAsStream(FILE)) {
      return new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return above zero: a fault; below: a request; zero too when there is no embedding, or it is
   *     another model's
   */
  double of(float @Nullable [] meaning) {
    if (meaning == null || meaning.length != direction.length) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < meaning.length; i++) {
      sum += meaning[i] * direction[i];
    }
    return sum;
  }
}
