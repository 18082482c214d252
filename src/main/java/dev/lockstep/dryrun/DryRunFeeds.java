package dev.lockstep.dryrun;

import dev.lockstep.connector.ConnectorHealth;
import dev.lockstep.dryrun.ChangePlan.Problem;
import dev.lockstep.dryrun.DryRunStore.FeedState;
import dev.lockstep.poll.PollTarget;
import dev.lockstep.poll.Poller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Reads the feeds once, as the first poll does. */
final class DryRunFeeds {
  private static final Executor SHORTLY =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  private final RecordingConnectors recorded;
  private final DryRunStore store;
  private final Poller poller;
  private final PollTarget.Plan polls;
  private final ConnectorHealth health;

  DryRunFeeds(
      RecordingConnectors recorded,
      DryRunStore store,
      Poller poller,
      PollTarget.Plan polls,
      ConnectorHealth health) {
    this.recorded = recorded;
    this.store = store;
    this.poller = poller;
    this.polls = polls;
    this.health = health;
  }

  /**
   * Reads what the scope selects. A feed that permits no calls at present is retried.
   *
   * @param givesUp whether to stop retrying
   * @return what could not be read
   */
  List<Problem> read(DryRun.Scope scope, BooleanSupplier givesUp) {
    List<PollTarget> unread =
        polls.targets().stream()
            .filter(target -> scope.kind().isEmpty() || target.kind().equals(scope.kind()))
            .filter(target -> scope.system().isEmpty() || target.system().equals(scope.system()))
            .toList();
    if (unread.isEmpty()) {
      return List.of(
          new Problem(
              scope.system() + "/" + scope.kind(), "no mapping in use has records of this kind"));
    }
    while (!unread.isEmpty()) {
      unread.forEach(poller::poll);
      unread = unread.stream().filter(target -> !isRead(target)).toList();
      if (givesUp.getAsBoolean()) {
        break;
      }
      if (!unread.isEmpty()) {
        pause();
      }
    }
    return problems(unread);
  }

  private List<Problem> problems(List<PollTarget> unread) {
    List<Problem> problems = new ArrayList<>();
    for (FeedState feed : store.feeds()) {
      if (!feed.problem().isEmpty()) {
        problems.add(new Problem(feed.feed(), feed.problem()));
      }
    }
    for (PollTarget target : unread) {
      if (problems.stream().noneMatch(one -> one.subject().startsWith(prefix(target)))) {
        problems.add(new Problem(prefix(target), "could not be read: " + trouble(target.system())));
      }
    }
    return problems;
  }

  private static String prefix(PollTarget target) {
    return target.system() + "/" + target.kind() + "/";
  }

  /** Whether each of its feeds was read, or cannot be. */
  private boolean isRead(PollTarget target) {
    List<FeedState> known = store.feeds();
    return recorded.feeds(target.system(), target.kind()).stream()
        .map(name -> prefix(target) + name)
        .allMatch(name -> known.stream().anyMatch(feed -> isDone(feed, name)));
  }

  private static boolean isDone(FeedState feed, String name) {
    return feed.feed().equals(name) && (feed.read() || !feed.problem().isEmpty());
  }

  private String trouble(String system) {
    return health.health().stream()
        .filter(state -> state.system().equals(system) && !state.trouble().isEmpty())
        .map(ConnectorHealth.Health::trouble)
        .findFirst()
        .orElse("it permits no calls at present");
  }

  static void pause() {
    CompletableFuture.runAsync(() -> {}, SHORTLY).join();
  }
}
