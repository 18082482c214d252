package dev.lockstep.bench;

import dev.lockstep.similarity.Ticket;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives issues to a method in the order in which they were reported. */
final class IssueReplay {
  private IssueReplay() {}

  static Tally play(Issues issues, Method method, Progress progress, String name) {
    Tally tally = new Tally(issues);
    Set<String> clusters = new HashSet<>();
    int done = 0;
    for (Ticket ticket : issues.tickets()) {
      boolean answerable =
          Optional.ofNullable(issues.clusters().get(ticket.id()))
              .map(cluster -> !clusters.add(cluster))
              .orElse(false);
      long begin = System.nanoTime();
      List<Method.Found> found = method.ask(ticket);
      tally.count(ticket.id(), answerable, found, (System.nanoTime() - begin) / 1e6);
      progress.at(name, ++done, issues.tickets().size());
    }
    return tally;
  }
}
