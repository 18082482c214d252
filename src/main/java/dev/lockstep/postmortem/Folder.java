package dev.lockstep.postmortem;

import dev.lockstep.connector.RetryLater;
import dev.lockstep.connector.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the Markdown files of a folder, and each again when it was edited. A file is never moved
 * or changed: it is its team's. What is wrong with one is logged once for each version of it.
 */
class Folder {
  private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
  private static final int LARGEST = dev.lockstep.postmortem.reading.MarkdownReader.LARGEST;

  private final Path folder;
  private final Documents documents;
  private final Postmortems postmortems;
  private final Refusals refusals;
  private final Clock clock;

  /** File to the sum of what was last taken in, or refused; forgotten at a restart. */
  private final Map<Path, String> seen = new ConcurrentHashMap<>();

  Folder(
      Path folder, Documents documents, Postmortems postmortems, Refusals refusals, Clock clock) {
    this.folder = folder;
    this.refusals = refusals;
    this.clock = clock;
    this.documents = documents;
    this.postmortems = postmortems;
  }

  void look() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found =
          files
              .filter(file -> file.getFileName().toString().endsWith(".md"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      found.forEach(this::take);
      refusals.keepOnly(found.stream().map(this::name).toList());
    } catch (IOException e) {
      LOG.warn("The postmortems' folder {} can't be read: {}", folder, e.toString());
    }
  }

  private String name(Path file) {
    return folder.relativize(file).toString();
  }

  private void take(Path file) {
    String name = name(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] body = in.readNBytes(LARGEST + 1);
      String sum = sum(body);
      if (sum.equals(seen.get(file))) {
        return;
      }
      try {
        var received = documents.markdown(body, name, "", "");
        var receipt = postmortems.receive(received);
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
                    LOG.warn("Postmortem {}: {}", where(name, problem.line()), problem.text()));
        refusals.taken(name);
        seen.put(file, sum);
      } catch (Postmortems.Refused e) {
        refusals.refused(
            new Shelf.Refusal(name, e.line(), String.valueOf(e.getMessage()), clock.instant()));
        LOG.warn("Postmortem {} was not taken in: {}", where(name, e.line()), e.getMessage());
        seen.put(file, sum);
      } catch (RetryLater | Unavailable e) {
        LOG.info("Postmortem {} waits: {}", name, e.getMessage());
      }
    } catch (IOException e) {
      LOG.warn("Postmortem {} can't be read: {}", name, e.toString());
    }
  }

  private static String where(String name, int line) {
    return line > 0 ? name + ":" + line : name;
  }

  private static String sum(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
