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

/** The process's entry point. */
public final class Lockstep {
  private static final Logger LOG = LoggerFactory.getLogger("lockstep");

  /** Longer than the shutdown timeouts of routes, requests and running work. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

  private Lockstep() {}

  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    int code =
        Commands.create(
                service(),
                (service, within) -> SystemsCheck.run(Map.of(), service, within),
                (request, observer) -> SystemsPlan.run(Map.of(), request, observer),
                CliEnvironment.ofCurrentProcess(),
                out,
                err)
            .execute(args);
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
   * Shuts down gracefully on SIGTERM and SIGINT. A start in progress is completed first and then
   * stopped.
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
          // A requested stop that succeeded exits with 0.
          Runtime.getRuntime().halt(0);
        }
        LOG.warn("Not stopped after {} s; remaining work continues at the next start", STOP_WITHIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** UTF-8 regardless of the locale, since records contain any language. */
  static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }
}
