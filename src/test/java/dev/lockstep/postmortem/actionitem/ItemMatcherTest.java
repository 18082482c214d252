package dev.lockstep.postmortem.actionitem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ItemMatcherTest {
  private static SourceItem said(@Nullable String id, String title, @Nullable String ticket) {
    return new SourceItem(id, 3, title, "", null, null, null, Set.of(), ticket, false, List.of());
  }

  private static ActionItem item(long id, SourceItem said) {
    return new ActionItem(
        id,
        1,
        1L,
        "postmortem",
        "1/" + id,
        null,
        said,
        said.title(),
        "",
        "",
        null,
        "",
        "",
        "",
        List.of(),
        "",
        "",
        ChangeRequestState.NONE,
        ActionItemStatus.NEEDS_OWNER,
        List.of(),
        "",
        Instant.EPOCH,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  @Test
  void aStatedIdCountsMoreThanWords() {
    ActionItem one = item(1, said("AI-1", "Add an index", null));
    ActionItem two = item(2, said("AI-2", "Write a runbook", null));
    SourceItem renamed = said("AI-1", "Write a runbook", null);

    assertThat(ItemMatcher.match(List.of(renamed), List.of(one, two)))
        .isEqualTo(Map.of(renamed, one));
  }

  @Test
  void aTicketCountsMoreThanWords() {
    ActionItem one = item(1, said(null, "Add an index", "OPS-1"));
    SourceItem renamed = said(null, "Something else altogether", "OPS-1");

    assertThat(ItemMatcher.match(List.of(renamed), List.of(one))).containsEntry(renamed, one);
  }

  @Test
  void aFewOtherWordsAreTheSameItemAndOtherWordsAreNot() {
    ActionItem one = item(1, said(null, "Add an index to the session table", null));
    SourceItem edited = said(null, "Add an index to the sessions table", null);
    SourceItem other = said(null, "Alert when connections run out", null);

    assertThat(ItemMatcher.match(List.of(other, edited), List.of(one)))
        .isEqualTo(Map.of(edited, one));
  }

  @Test
  void twoThatSayTheSameAreTwo() {
    SourceItem first = said(null, "Call the vendor", null);
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
    ActionItem exact = item(1, said(null, "Test the failover every month", null));
    ActionItem near = item(2, said(null, "Test the failover every week", null));
    SourceItem same = said(null, "Test the failover every month", null);
    SourceItem changed = said(null, "Test the failover every single week", null);

    assertThat(ItemMatcher.match(List.of(changed, same), List.of(near, exact)))
        .isEqualTo(Map.of(same, exact, changed, near));
  }
}
