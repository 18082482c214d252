package dev.lockstep.bench;

import java.io.PrintWriter;

/** One line on a terminal that is written over; silent elsewhere. */
record Progress(PrintWriter err, boolean terminal) {
  private static final int EVERY = 100;

  void at(String what, int done, int all) {
    if (terminal && (done % EVERY == 0 || done == all)) {
      err.printf("\r%-12s %d of %d%s", what, done, all, done == all ? "\r\033[K" : "");
      err.flush();
    }
  }
}
