package dev.lockstep.postmortem;

import java.time.Instant;
import java.util.List;

/** Read model of postmortems: imported, waiting and rejected ones. */
public interface PostmortemQueries {

  /**
   * @param incident as the document names it
   * @param waiting its incident could not be looked up yet
   * @param problem why it is not linked to its incident; empty if there is no problem
   * @param unread what could not be read, one line each
   * @param items how many it ever had
   * @param open those that are not deployed, done or cancelled
   */
  record Entry(
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
   * A file of the folder that was rejected.
   *
   * @param file path below the folder
   * @param line the line concerned; 0 if there is none
   */
  record Refusal(String file, int line, String problem, Instant at) {}

  /**
   * @param postmortems the newest first
   * @param refused rejected files of the folder
   */
  record Overview(List<Entry> postmortems, List<Refusal> refused) {
    public Overview {
      postmortems = List.copyOf(postmortems);
      refused = List.copyOf(refused);
    }
  }

  /**
   * @param most maximum number
   */
  Overview overview(int most);
}
