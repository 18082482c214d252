package dev.lockstep.cli;

import dev.lockstep.audit.AuditChain;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    description = "Exports the audit as evidence, and verifies exports.",
    synopsisSubcommandLabel = "audit|verify",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Runnable {
  private final CliEnvironment environment;
  @Mixin private final ConnectionOptions target;
  @Spec private @Nullable CommandSpec spec;

  ExportCommand(CliEnvironment environment) {
    this.environment = environment;
    this.target = new ConnectionOptions(environment);
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "export: missing subcommand; use audit or verify");
  }

  @Command(
      name = "audit",
      description =
          "Prints the audit, or that of an incident, as JSON lines that are chained by hashes."
              + " Records the last hash in the audit. Needs the role operator.",
      mixinStandardHelpOptions = true)
  void audit(
      @Parameters(
              paramLabel = "ID",
              arity = "0..1",
              defaultValue = "",
              description = "An incident; default: everything.")
          String id,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              defaultValue = "",
              description = "A day, a time in UTC or 30d. Default: from the beginning.")
          String since,
      @Option(
              names = "--until",
              paramLabel = "TIME",
              defaultValue = "",
              description = "The same; a day includes that day. Default: now.")
          String until) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String path =
        "/api/audit/export?incident=%s&since=%s&until=%s"
            .formatted(
                ServiceClient.encodeSegment(id),
                ServiceClient.encodeSegment(since),
                ServiceClient.encodeSegment(until));
    AuditChain.Verifier verifier = new AuditChain.Verifier();
    try {
      target
          .client()
          .postForLines(
              path,
              line -> {
                verifier.accept(line);
                out.print(line + "\n");
              });
      out.flush();
      verifier.finish();
    } catch (AuditChain.BrokenException e) {
      throw new CliException(
          CliException.FAILED, "the export is not complete (" + e.getMessage() + "); run it again");
    }
  }

  @Command(
      name = "verify",
      description = "Verifies the hashes of an export; needs no service.",
      footer = {
        "",
        "Exit codes: 0 unchanged, 1 broken, with the first such line, 2 invalid usage."
      },
      mixinStandardHelpOptions = true)
  void verify(
      @Parameters(paramLabel = "FILE", description = "What export audit printed.") Path file,
      @Option(
              names = "--recorded-in",
              paramLabel = "LATER",
              description = "A later export, which must have the record of this one.")
          @Nullable Path later) {
    AuditChain.Verifier verifier = verify(file);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (later != null && !verify(later).hasAnchor(verifier.last())) {
      throw new CliException(
          CliException.FAILED,
          "%s: no export that ended with %s is recorded in %s"
              .formatted(file, verifier.last(), later));
    }
    out.println(
        "%s is unchanged: %d entries, last hash %s%s"
            .formatted(
                file,
                verifier.entries(),
                verifier.last(),
                later == null ? "" : ", recorded in " + later));
  }

  private AuditChain.Verifier verify(Path file) {
    AuditChain.Verifier verifier = new AuditChain.Verifier();
    Path path = environment.workingDirectory().resolve(file);
    try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      read(lines, verifier::accept);
      verifier.finish();
    } catch (AuditChain.BrokenException e) {
      throw new CliException(CliException.FAILED, file + ": " + e.getMessage());
    } catch (NoSuchFileException e) {
      throw new CliException(CliException.USAGE, file + ": there is no such file");
    } catch (MalformedInputException e) {
      throw new CliException(CliException.FAILED, file + ": is not UTF-8");
    } catch (IOException e) {
      throw new CliException(CliException.USAGE, file + ": cannot be read: " + e.getMessage());
    }
    return verifier;
  }

  private static void read(Reader reader, Consumer<String> lines) throws IOException {
    BufferedReader buffered = new BufferedReader(reader);
    for (String line = buffered.readLine(); line != null; line = buffered.readLine()) {
      lines.accept(line);
    }
  }
}
