package dev.lockstep.postmortem.actionitem;

import static dev.lockstep.testkit.ExampleItems.item;
import static dev.lockstep.testkit.ExampleItems.reported;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ItemMatcherTest {
  @Test
  void aStatedIdCountsMoreThanWords() {
    ActionItem one = item(1, reported("AI-1", "Add an index", null));
    ActionItem two = item(2, reported("AI-2", "Write a runbook", null));
    SourceItem renamed = reported("AI-1", "Write a runbook", null);

    assertThat(ItemMatcher.match(List.of(renamed), List.of(one, two)))
        .isEqualTo(Map.of(renamed, one));
  }

  @Test
  void aTicketCountsMoreThanWords() {
    ActionItem one = item(1, reported(null, "Add an index", "OPS-1"));
    SourceItem renamed = reported(null, "Something else altogether", "OPS-1");

    assertThat(ItemMatcher.match(List.of(renamed), List.of(one))).containsEntry(renamed, one);
  }

  @Test
  void aFewOtherWordsAreTheSameItemAndOtherWordsAreNot() {
    ActionItem one = item(1, reported(null, "Add an index to the session table", null));
    SourceItem edited = reported(null, "Add an index to the sessions table", null);
    SourceItem other = reported(null, "Alert when connections run out", null);

    assertThat(ItemMatcher.match(List.of(other, edited), List.of(one)))
        .isEqualTo(Map.of(edited, one));
  }

  @Test
  void twoThatSayTheSameAreTwo() {
    SourceItem first = reported(null, "Call the vendor", null);
    ActionItem one = item(1, first);
    ActionItem two = item(2, first);
    SourceItem later =
        new SourceItem(
            null, 9, "Call the vendor", "", null, null, null, Set.of(), null, false, List.of());

    assertThat(ItemMatcher.match(List.of(first, later), List.of(one, two)).values())
        .containsExactlyInAnyOrder(one, two);
  }

  @Test
  void theBestMatchIsTakenWhateverTheOrder() {
    ActionItem exact = item(1, reported(null, "Test the failover every month", null));
    ActionItem near = item(2, reported(null, "Test the failover every week", null));
    SourceItem same = reported(null, "Test the failover every month", null);
    SourceItem changed = reported(null, "Test the failover every single week", null);

    assertThat(ItemMatcher.match(List.of(changed, same), List.of(near, exact)))
        .isEqualTo(Map.of(same, exact, changed, near));
  }
}
