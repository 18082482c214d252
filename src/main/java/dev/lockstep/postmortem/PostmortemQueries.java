package dev.lockstep.postmortem;

import java.time.Instant;
import java.util.List;

/** The postmortems as people ask for them: what was taken in, what waits, what was refused. */
public interface PostmortemQueries {

  /**
   * @param incident as it names it
   * @param waiting its incident could not be asked for yet
   * @param problem why it is not joined to its incident; empty while nothing is wrong
   * @param unread what of it could not be read, a line each
   * @param items all there ever were in it
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
   * A file of the folder that can't be taken in.
   *
   * @param file below the folder
   * @param line where in it; 0 if it is about no line
   */
  record Refusal(String file, int line, String problem, Instant at) {}

  /**
   * @param postmortems the newest first
   * @param refused files of the folder that can't be taken in
   */
  record Overview(List<Entry> postmortems, List<Refusal> refused) {
    public Overview {
      postmortems = List.copyOf(postmortems);
      refused = List.copyOf(refused);
    }
  }

  /**
   * @param most how many at most
   */
  Overview overview(int most);
}
