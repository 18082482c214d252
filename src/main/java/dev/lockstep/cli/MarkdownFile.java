package dev.lockstep.cli;

import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.parse.MarkdownReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A postmortem file. */
final class MarkdownFile {
  private MarkdownFile() {}

  /**
   * Reads a file relative to the caller's working directory, up to one byte more than the allowed
   * size.
   *
   * @throws CliException when it is missing, a folder or not readable
   */
  static byte[] read(CliEnvironment environment, String file) throws IOException {
    Path path = environment.workingDirectory().resolve(file);
    if (Files.isDirectory(path)) {
      throw new CliException(CliException.USAGE, "is a folder; specify the files in it");
    }
    if (!Files.exists(path)) {
      throw new CliException(CliException.USAGE, "file not found");
    }
    if (!Files.isReadable(path)) {
      throw new CliException(CliException.USAGE, "is not readable; check its permissions");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(
          (PostmortemParser.isJson(file) ? PostmortemParser.LARGEST_JSON : MarkdownReader.LARGEST)
              + 1);
    }
  }
}
