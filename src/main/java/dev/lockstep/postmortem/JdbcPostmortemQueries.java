package dev.lockstep.postmortem;

import dev.lockstep.postmortem.actionitem.ActionItemStore;
import dev.lockstep.postmortem.actionitem.ActionItemStore.Count;
import dev.lockstep.postmortem.actionitem.PostmortemStore;
import dev.lockstep.postmortem.actionitem.PostmortemStore.Filed;
import java.util.List;
import java.util.Map;

/** What the tables and the folder's refusals say. */
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
    List<Filed> newest = postmortems.newest(most);
    Map<Long, Count> counts = items.counts(newest.stream().map(Filed::id).toList());
    return new Overview(
        newest.stream()
            .map(filed -> entry(filed, counts.getOrDefault(filed.id(), Count.NONE)))
            .toList(),
        refusals.all());
  }

  private static Entry entry(Filed filed, Count count) {
    return new Entry(
        filed.name(),
        filed.title(),
        filed.url(),
        filed.names(),
        filed.incident() == null,
        filed.problem(),
        filed.unread().lines().toList(),
        count.all(),
        count.open(),
        filed.receivedAt(),
        filed.changedAt());
  }
}
