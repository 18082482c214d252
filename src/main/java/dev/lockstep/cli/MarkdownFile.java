package dev.lockstep.cli;

import dev.lockstep.postmortem.PostmortemParser;
import dev.lockstep.postmortem.parse.MarkdownReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A postmortem on disk. */
final class MarkdownFile {
  private MarkdownFile() {}

  /**
   * As the caller sees the file, and never more of it than is read.
   *
   * @throws CliException when it is none that can be read
   */
  static byte[] read(CliEnvironment surroundings, String file) throws IOException {
    Path path = surroundings.workingDirectory().resolve(file);
    if (Files.isDirectory(path)) {
      throw new CliException(CliException.USAGE, "is a folder; name the files in it");
    }
    if (!Files.exists(path)) {
      throw new CliException(CliException.USAGE, "there is no such file");
    }
    if (!Files.isReadable(path)) {
      throw new CliException(CliException.USAGE, "may not be read; give yourself the right to");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(
          (PostmortemParser.isJson(file) ? PostmortemParser.LARGEST_JSON : MarkdownReader.LARGEST)
              + 1);
    }
  }
}
