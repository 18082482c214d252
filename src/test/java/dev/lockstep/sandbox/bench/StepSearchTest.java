package dev.lockstep.sandbox.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StepSearchTest {
  private final List<Integer> tried = new ArrayList<>();

  /** Searches a service that holds every rate up to {@code limit}. */
  private StepSearch search(int first, int most, int limit) {
    StepSearch search = new StepSearch(first, most);
    for (OptionalInt next = search.next(); next.isPresent(); next = search.next()) {
      tried.add(next.getAsInt());
      search.tried(next.getAsInt(), next.getAsInt() <= limit);
      assertThat(tried).hasSizeLessThan(25).doesNotHaveDuplicates();
    }
    return search;
  }

  @Test
  void goesUpUntilARateIsTooHighAndThenHalves() {
    assertThat(search(25, 400, 100).highestHeld()).isBetween(96, 100);
    assertThat(tried).startsWith(25, 38, 57, 86, 129, 107);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 24, 25, 26, 60, 150, 399})
  void endsCloseBelowTheLimit(int limit) {
    StepSearch search = search(25, 400, limit);
    assertThat(search.highestHeld()).isBetween((int) (limit * 0.94), limit);
    assertThat(search.anyFailed()).isTrue();
  }

  @Test
  void neverGoesAboveTheMost() {
    StepSearch search = search(25, 40, 1000);
    assertThat(tried).containsExactly(25, 38, 40);
    assertThat(search.highestHeld()).isEqualTo(40);
    assertThat(search.anyFailed()).isFalse();
  }

  @Test
  void endsWhenNothingHolds() {
    StepSearch search = search(16, 400, 0);
    assertThat(tried).containsExactly(16, 8, 4, 2, 1);
    assertThat(search.highestHeld()).isZero();
  }

  @Test
  void canTryASingleRate() {
    assertThat(search(5, 5, 5).highestHeld()).isEqualTo(5);
    assertThat(tried).containsExactly(5);
  }
}
