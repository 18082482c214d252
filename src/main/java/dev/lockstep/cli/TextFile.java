package dev.lockstep.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;

/** Reads texts that are given as files. */
final class TextFile {
  /** More than any text that is taken, in bytes. */
  private static final int LARGEST = 64 * 1024;

  private TextFile() {}

  /**
   * @param file relative to the working directory; {@code -} for standard input
   * @throws CliException if it cannot be read
   */
  static String read(CliEnvironment environment, String file) {
    try (InputStream in =
        file.equals("-")
            ? System.in
            : Files.newInputStream(environment.workingDirectory().resolve(file))) {
      return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new CliException(CliException.USAGE, file + ": file not found");
    } catch (IOException e) {
      throw new CliException(CliException.USAGE, file + ": not readable: " + e.getMessage());
    }
  }
}
