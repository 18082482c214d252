package dev.lockstep.retention;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * The files of what was deleted, one for each month, a JSON object on each line. A line is on the
 * disk before its rows are deleted; if that fails, the same is written again later.
 */
@Component
class RetentionArchive {
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("'lockstep-'yyyy-MM'.jsonl'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final RetentionSettings settings;

  RetentionArchive(RetentionSettings settings) {
    this.settings = settings;
  }

  void append(Instant at, String line) {
    settings.archiveFolder().ifPresent(folder -> append(folder.resolve(MONTH.format(at)), line));
  }

  private static void append(Path file, String line) {
    try {
      createForOwner(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + file + "; nothing was deleted", e);
    }
  }

  private static void createForOwner(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.createFile(file);
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
