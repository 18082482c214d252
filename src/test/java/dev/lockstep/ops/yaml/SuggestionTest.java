package dev.lockstep.ops.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  @Test
  void suggestsTheNearestWordOrElseListsThemAll() {
    assertThat(Suggestion.of("statsu", List.of("title", "status")))
        .isEqualTo("; did you mean 'status'?");
    assertThat(Suggestion.of("colour", List.of("title", "status")))
        .isEqualTo("; there is: status, title");
  }

  @Test
  void saysNothingWhereNothingIsKnown() {
    assertThat(Suggestion.of("colour", List.of())).isEmpty();
  }
}
