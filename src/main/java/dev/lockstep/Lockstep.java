package dev.lockstep;

import dev.lockstep.cli.CliEnvironment;
import dev.lockstep.cli.Commands;
import dev.lockstep.cli.ServiceRunner;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Where the process begins. */
public final class Lockstep {
  private static final Logger LOG = LoggerFactory.getLogger("lockstep");

  /** Longer than routes, requests and work under way are given to end. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

  private Lockstep() {}

  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    int code =
        Commands.create(service(), CliEnvironment.ofCurrentProcess(), out, err).execute(args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static ServiceRunner service() {
    return warmUp -> {
      Stopping stopping = new Stopping();
      Runtime.getRuntime().addShutdownHook(new Thread(stopping, "stop"));
      try (ConfigurableApplicationContext context = Application.start(Map.of())) {
        if (!warmUp) {
          stopping.awaitRequest();
        }
      } finally {
        stopping.stopped();
      }
    };
  }

  /**
   * Ends the service in order on SIGTERM and SIGINT, also while it is still starting: the start is
   * not torn down half-way, it is completed and then stopped.
   */
  private static final class Stopping implements Runnable {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    void awaitRequest() throws InterruptedException {
      requested.await();
    }

    void stopped() {
      stopped.countDown();
    }

    @Override
    public void run() {
      if (stopped.getCount() == 0) {
        return;
      }
      requested.countDown();
      try {
        if (stopped.await(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
          LOG.info("Stopped");
          // A stop that was asked for and went well is no failure.
          Runtime.getRuntime().halt(0);
        }
        LOG.warn("Not stopped after {} s; what is left is taken up at the next start", STOP_WITHIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Records hold any language's letters, so UTF-8 whatever the locale says. */
  static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }
}
