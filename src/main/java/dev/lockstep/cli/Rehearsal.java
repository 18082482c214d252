package dev.lockstep.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Plays an outage through Lockstep and its simulated systems; the root package says which. */
@FunctionalInterface
public interface Rehearsal {

  /**
   * What was asked for.
   *
   * @param once end after the play instead of staying up
   * @param replay a recorded log to play instead of the written outage; absolute
   * @param colours whether {@code out} is a terminal that shows colours
   * @param columns how many letters a line has there; 0 when that is not known
   */
  record Options(boolean once, Optional<Path> replay, boolean colours, int columns) {}

  /**
   * Plays to the end, or until stopped.
   *
   * @return the exit code: 0 only when every linked pair really agrees at the end
   */
  int play(Options options, PrintWriter out);
}
