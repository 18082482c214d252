package dev.lockstep.testkit;

import dev.lockstep.postmortem.actionitem.ActionItem;
import dev.lockstep.postmortem.actionitem.ActionItemStatus;
import dev.lockstep.postmortem.actionitem.ChangeRequestState;
import dev.lockstep.postmortem.actionitem.SourceItem;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Action items that no database knows. */
public final class ExampleItems {
  private ExampleItems() {}

  /** An item of postmortem 1 as its postmortem reported it, before it was planned. */
  public static ActionItem item(long id, SourceItem reported) {
    return new ActionItem(
        id,
        1,
        1L,
        "postmortem",
        "1/" + id,
        null,
        reported,
        reported.title(),
        reported.description(),
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

  public static SourceItem reported(String title) {
    return reported(null, title, null);
  }

  public static SourceItem reported(@Nullable String id, String title, @Nullable String ticket) {
    return new SourceItem(id, 3, title, "", null, null, null, Set.of(), ticket, false, List.of());
  }

  public static ChangeRequestState change(String key, String state, String closeCode) {
    return new ChangeRequestState(key, state, closeCode, "", "", "", false);
  }
}
