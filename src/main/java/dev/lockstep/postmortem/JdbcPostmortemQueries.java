package dev.lockstep.postmortem;

import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ItemCount;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.StoredPostmortem;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Read model of postmortems and rejected files. */
@Component
class JdbcPostmortemQueries implements PostmortemQueries {
  private final PostmortemStore postmortems;
  private final ActionItemStore items;
  private final RejectedFiles refusals;

  JdbcPostmortemQueries(
      PostmortemStore postmortems, ActionItemStore items, RejectedFiles refusals) {
    this.postmortems = postmortems;
    this.items = items;
    this.refusals = refusals;
  }

  @Override
  public Overview overview(int most) {
    List<StoredPostmortem> newest = postmortems.findNewest(most);
    Map<Long, ItemCount> counts = items.counts(newest.stream().map(StoredPostmortem::id).toList());
    return new Overview(
        newest.stream()
            .map(
                postmortem ->
                    entry(postmortem, counts.getOrDefault(postmortem.id(), ItemCount.NONE)))
            .toList(),
        refusals.all());
  }

  private static Entry entry(StoredPostmortem postmortem, ItemCount count) {
    return new Entry(
        postmortem.name(),
        postmortem.title(),
        postmortem.url(),
        postmortem.names(),
        postmortem.incident() == null,
        postmortem.problem(),
        postmortem.unread().lines().toList(),
        count.all(),
        count.open(),
        postmortem.receivedAt(),
        postmortem.changedAt());
  }
}
