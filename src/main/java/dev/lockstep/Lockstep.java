package dev.lockstep;

import dev.lockstep.cli.Benchmark;
import dev.lockstep.cli.Commands;
import dev.lockstep.cli.Rehearsal;
import dev.lockstep.cli.Service;
import dev.lockstep.cli.Surroundings;
import dev.lockstep.likeness.bench.DuplicatesBench;
import dev.lockstep.sandbox.bench.Bench;
import dev.lockstep.sandbox.demo.Demo;
import dev.lockstep.sandbox.demo.OwnCommand;
import dev.lockstep.sandbox.demo.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
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
        Commands.create(service(), demo(), bench(err), Surroundings.ofThisProcess(), out, err)
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

  /** The folder is that of the build, so that cleaning removes what a rehearsal left. */
  private static Rehearsal demo() {
    return (options, out) ->
        new Demo(Clock.systemUTC(), Path.of("target", "demo"), OwnCommand.of(Lockstep.class))
            .play(
                options.once(),
                options.replay(),
                new Screen(out, options.colours(), options.columns()));
  }

  private static Benchmark bench(PrintWriter err) {
    Surroundings here = Surroundings.ofThisProcess();
    return (arguments, out) ->
        arguments.stream().findFirst().filter("duplicates"::equals).isPresent()
            ? duplicates(arguments.subList(1, arguments.size()), out, err, here)
            : Bench.measure(arguments, out, here.workingDirectory(), here.terminal());
  }

  private static int duplicates(
      List<String> arguments, PrintWriter out, PrintWriter err, Surroundings here) {
    // No Spring starts that would read the levels in config/application.yaml.
    LoggingSystem.get(Lockstep.class.getClassLoader())
        .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
    return DuplicatesBench.measure(arguments, out, err, here.workingDirectory(), here.terminal());
  }

  /** Records hold any language's letters, so UTF-8 whatever the locale says. */
  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }
}
