package dev.lockstep.connector;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Limits the decompressed size and the total time of an answer; a read timeout alone never ends an
 * answer that arrives one byte at a time. Thread-safe.
 */
@Component
final class ResponseLimits implements AutoCloseable {
  private final long bytes;
  private final Duration within;
  private final ScheduledThreadPoolExecutor deadlines;

  ResponseLimits(CallSettings settings) {
    this.bytes = settings.answerSize().toBytes();
    this.within = settings.answerWithin();
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "answer-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /** The answer exceeds the size limit. */
  static final class ResponseSizeException extends IOException {
    ResponseSizeException(long bytes) {
      super("the answer is larger than " + bytes + " bytes (lockstep.calls.answer-size)");
    }
  }

  /** The answer was not complete within the time limit. */
  static final class ResponseTimeoutException extends IOException {
    ResponseTimeoutException(Duration within) {
      super(
          "the answer was not complete after "
              + within.toSeconds()
              + " s (lockstep.calls.answer-within)");
    }
  }

  /** Starts the time limit of one call. */
  Deadline startDeadline() {
    return new Deadline();
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
  }

  /** The time limit of one call; closing it cancels the limit. */
  final class Deadline implements AutoCloseable {
    private final ScheduledFuture<?> deadline;
    private AutoCloseable connection = () -> {};
    private boolean expired;

    private Deadline() {
      deadline = deadlines.schedule(this::expire, within.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Wraps the body of an answer with both limits.
     *
     * @param status of the answer; an error text is truncated instead of rejected
     * @param breaks closed to unblock a thread that reads the answer
     */
    InputStream limit(InputStream answer, int status, AutoCloseable breaks) {
      onExpiry(breaks);
      return new LimitedInputStream(answer, status >= 300, this);
    }

    /** Closes {@code breaks} when the time limit expires; at once if it has expired already. */
    void onExpiry(AutoCloseable breaks) {
      boolean late;
      synchronized (this) {
        connection = breaks;
        late = expired;
      }
      if (late) {
        cut();
      }
    }

    private void expire() {
      synchronized (this) {
        expired = true;
      }
      cut();
    }

    private void cut() {
      AutoCloseable breaks;
      synchronized (this) {
        breaks = connection;
      }
      try {
        breaks.close();
      } catch (Exception e) {
        // The connection is unusable either way; the reader gets the error that says why.
      }
    }

    synchronized boolean expired() {
      return expired;
    }

    ResponseTimeoutException timeout() {
      return new ResponseTimeoutException(within);
    }

    @Override
    public void close() {
      deadline.cancel(false);
    }
  }

  private final class LimitedInputStream extends FilterInputStream {
    private final boolean truncates;
    private final Deadline watch;
    private long read;

    LimitedInputStream(InputStream answer, boolean truncates, Deadline watch) {
      super(answer);
      this.truncates = truncates;
      this.watch = watch;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (read > bytes) {
        return -1;
      }
      int count;
      try {
        count = super.read(into, offset, length);
      } catch (IOException e) {
        throw watch.expired() ? watch.timeout() : e;
      }
      // A closed connection can look like the end of the answer.
      if (watch.expired()) {
        throw watch.timeout();
      }
      read += Math.max(0, count);
      if (read > bytes) {
        watch.cut();
        if (!truncates) {
          throw new ResponseSizeException(bytes);
        }
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = 0;
      while (skipped < count && read() >= 0) {
        skipped++;
      }
      return skipped;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() throws IOException {
      watch.close();
      super.close();
    }
  }
}
