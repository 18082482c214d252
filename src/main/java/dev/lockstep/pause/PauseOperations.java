package dev.lockstep.pause;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What operators do with pauses. */
public interface PauseOperations {

  /** The pauses of operators and the freeze windows of now. */
  List<Pause> active();

  /**
   * The pauses that hold the pairs of a mapping back.
   *
   * @param systems those of the mapping
   */
  List<Pause> ofMapping(String mapping, Set<String> systems);

  /**
   * Starts a pause; one that exists gets the new reason and end.
   *
   * @param until null for no end
   */
  Pause pause(PauseScope scope, String reason, String by, @Nullable Instant until);

  /**
   * Ends the pause of an operator and schedules what waited for it.
   *
   * @return how many entries were scheduled; empty if the scope was not paused by an operator
   */
  Optional<Integer> resume(PauseScope scope, String by);

  /** By scope, how many entries wait for it. */
  Map<String, Long> waiting();
}
