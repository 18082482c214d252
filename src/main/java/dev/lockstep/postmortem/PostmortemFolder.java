package dev.lockstep.postmortem;

import dev.lockstep.connector.RetryLaterException;
import dev.lockstep.connector.SystemUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Imports the Markdown files of a folder, and again after each edit. Files are never moved or
 * changed. A problem of a file is logged once per version.
 */
@Component
public final class PostmortemFolder {
  private static final Logger LOG = LoggerFactory.getLogger(PostmortemFolder.class);
  private static final int LARGEST = dev.lockstep.postmortem.parse.MarkdownReader.LARGEST;

  private final Path folder;
  private final PostmortemParser documents;
  private final Postmortems postmortems;
  private final RejectedFiles refusals;
  private final Clock clock;

  /** File to the checksum of the version last imported or rejected; lost at a restart. */
  private final Map<Path, String> seen = new ConcurrentHashMap<>();

  PostmortemFolder(
      PostmortemProperties settings,
      PostmortemParser documents,
      Postmortems postmortems,
      RejectedFiles refusals,
      Clock clock) {
    this.folder = Path.of(settings.folder());
    this.refusals = refusals;
    this.clock = clock;
    this.documents = documents;
    this.postmortems = postmortems;
  }

  static boolean isReadable(Path folder) {
    return Files.isDirectory(folder) && Files.isReadable(folder) && Files.isExecutable(folder);
  }

  /** The documents in the folder, in a fixed order. */
  public List<Path> findFiles() {
    List<Path> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try {
      Files.walkFileTree(folder, new Visit(found, names));
    } catch (IOException e) {
      LOG.warn("The postmortem folder {} cannot be read: {}", folder, e.toString());
      return List.of();
    }
    Collections.sort(found);
    found.forEach(file -> names.add(name(file)));
    refusals.retainAll(names);
    return found;
  }

  /**
   * Imports a document that is new or was edited; a failure is listed and does not block others.
   */
  public void importFile(Path file) {
    try {
      importChanged(file);
    } catch (RuntimeException e) {
      stuck(name(file), "it could not be imported (%s) and is retried".formatted(e), e);
    }
  }

  /** Collects the files; a sub-folder that cannot be read is reported, and the others are read. */
  private final class Visit extends SimpleFileVisitor<Path> {
    private final List<Path> found;
    private final List<String> unreadable;

    Visit(List<Path> found, List<String> unreadable) {
      this.found = found;
      this.unreadable = unreadable;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.getFileName().toString().endsWith(".md") && Files.isRegularFile(file)) {
        found.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (file.equals(folder)) {
        throw e;
      }
      if (!(e instanceof NoSuchFileException)) {
        unreadable.add(name(file));
        stuck(name(file), "cannot be read; grant Lockstep's user read permission", e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      if (e != null) {
        unreadable.add(name(directory));
        stuck(name(directory), "cannot be read completely (%s)".formatted(e), e);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  /** Logged once, and listed until it is resolved. */
  private void stuck(String name, String problem, Exception cause) {
    if (refusals.reject(new PostmortemQueries.Refusal(name, 0, problem, clock.instant()))) {
      LOG.warn("Postmortem {}: {}", name, problem, cause);
    }
  }

  private String name(Path file) {
    return folder.relativize(file).toString();
  }

  private void importChanged(Path file) {
    String name = name(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] body = in.readNBytes(LARGEST + 1);
      String sum = checksum(body);
      if (sum.equals(seen.get(file))) {
        return;
      }
      try {
        var received = documents.markdown(body, name, "", "");
        var receipt = postmortems.receive(received, "");
        LOG.info(
            "Postmortem {} of {}: {} action items added, {} changed, {} cancelled",
            name,
            receipt.incident(),
            receipt.added(),
            receipt.updated(),
            receipt.cancelled());
        received
            .problems()
            .forEach(
                problem ->
                    LOG.warn("Postmortem {}: {}", location(name, problem.line()), problem.text()));
        refusals.accept(name);
        seen.put(file, sum);
      } catch (Postmortems.Refused e) {
        refusals.reject(
            new PostmortemQueries.Refusal(
                name, e.line(), String.valueOf(e.getMessage()), clock.instant()));
        LOG.warn("Postmortem {} was rejected: {}", location(name, e.line()), e.getMessage());
        seen.put(file, sum);
      } catch (RetryLaterException | SystemUnavailableException e) {
        LOG.info("Postmortem {} waits: {}", name, e.getMessage());
      }
    } catch (NoSuchFileException e) {
      LOG.debug("Postmortem {} is gone", name, e);
    } catch (IOException e) {
      stuck(name, "cannot be read (%s); grant Lockstep's user read permission".formatted(e), e);
    }
  }

  private static String location(String name, int line) {
    return line > 0 ? name + ":" + line : name;
  }

  private static String checksum(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
