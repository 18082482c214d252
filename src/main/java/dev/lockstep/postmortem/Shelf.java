package dev.lockstep.postmortem;

import dev.lockstep.postmortem.Refusals.Refusal;
import dev.lockstep.postmortem.item.ActionItemStore;
import dev.lockstep.postmortem.item.ActionItemStore.Count;
import dev.lockstep.postmortem.item.PostmortemStore;
import dev.lockstep.postmortem.item.PostmortemStore.Filed;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The postmortems as people ask for them: what was taken in, what waits, what was refused. */
public class Shelf {
  private final PostmortemStore postmortems;
  private final ActionItemStore items;
  private final Refusals refusals;

  /**
   * @param incident as it names it
   * @param waiting its incident could not be asked for yet
   * @param problem why it is not joined to its incident; empty while nothing is wrong
   * @param unread what of it could not be read, a line each
   * @param items all there ever were in it
   * @param open those that are not deployed, done or cancelled
   */
  public record Entry(
      String name,
      String title,
      String url,
      String incident,
      boolean waiting,
      String problem,
      List<String> unread,
      int items,
      int open,
      Instant receivedAt,
      Instant changedAt) {
    public Entry {
      unread = List.copyOf(unread);
    }
  }

  /**
   * @param postmortems the newest first
   * @param refused files of the folder that can't be taken in
   */
  public record Overview(List<Entry> postmortems, List<Refusal> refused) {
    public Overview {
      postmortems = List.copyOf(postmortems);
      refused = List.copyOf(refused);
    }
  }

  Shelf(PostmortemStore postmortems, ActionItemStore items, Refusals refusals) {
    this.postmortems = postmortems;
    this.items = items;
    this.refusals = refusals;
  }

  /**
   * @param most how many at most
   */
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
