package dev.lockstep;

import dev.lockstep.cli.Benchmark;
import dev.lockstep.cli.Commands;
import dev.lockstep.cli.Rehearsal;
import dev.lockstep.cli.Service;
import dev.lockstep.cli.Surroundings;
import dev.lockstep.ops.StartupProblem;
import dev.lockstep.sandbox.bench.Bench;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** Where the process begins. */
public final class Lockstep {
  private Lockstep() {}

  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    int code =
        Commands.create(service(), demo(), bench(), Surroundings.ofThisProcess(), out, err)
            .execute(args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static Service service() {
    return warmUp -> {
      CountDownLatch stopped = new CountDownLatch(1);
      ConfigurableApplicationContext context = Application.start(Map.of());
      context.addApplicationListener(
          (ApplicationListener<ContextClosedEvent>) event -> stopped.countDown());
      if (warmUp) {
        context.close();
      }
      stopped.await();
    };
  }

  /** Seam: the sandbox's outage is called here. */
  private static Rehearsal demo() {
    return (options, out) -> {
      throw new StartupProblem("demo: there is nothing to play yet");
    };
  }

  private static Benchmark bench() {
    Surroundings here = Surroundings.ofThisProcess();
    return (arguments, out) ->
        Bench.measure(arguments, out, here.workingDirectory(), here.terminal());
  }

  /** Records hold any language's letters, so UTF-8 whatever the locale says. */
  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }
}
