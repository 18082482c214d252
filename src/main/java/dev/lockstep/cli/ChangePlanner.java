package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Plans what the service would write, for the {@code plan} command. */
@FunctionalInterface
public interface ChangePlanner {

  /**
   * What is planned.
   *
   * @param changed whether records that changed in the systems are read
   * @param lookBack how far back; positive
   * @param pairs whether the pairs that exist are compared
   * @param mappings the folder of the mappings; empty: as configured
   * @param selection which records
   * @param most at most so many records; positive
   * @param adoptBy where a record names a counterpart that exists; empty: nowhere
   */
  record Request(
      boolean changed,
      Duration lookBack,
      boolean pairs,
      Optional<Path> mappings,
      Selection selection,
      int most,
      OlderNotes notes,
      String adoptBy) {}

  /**
   * Which records are read; an empty text means all.
   *
   * @param query in the language of the system
   */
  record Selection(String system, String kind, String query) {}

  /** Which notes written before its pair was started are synced. */
  enum OlderNotes {
    NONE,
    SINCE_LINK,
    ALL;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Receives how far it is. */
  @FunctionalInterface
  interface Observer {
    /**
     * @param open records that are not processed yet
     * @param writes planned so far
     */
    void progress(long open, int writes);
  }

  /**
   * Reads from the systems; writes nothing to any of them.
   *
   * @return {@code dev.lockstep.dryrun.ChangePlan} as JSON
   * @throws dev.lockstep.ops.StartupException when settings or files are wrong
   */
  JsonNode plan(Request request, Observer observer);
}
