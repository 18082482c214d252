package dev.lockstep.ops;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The directory of Lockstep's own files, locked by one process at a time. The operating system
 * releases the lock when the process ends, even after a crash.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates the directory if needed and locks it.
   *
   * @throws StartupException when the directory is not writable or another process has locked it
   */
  public static DataDirectory open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path, ownerOnly("rwx------"));
      FileChannel channel =
          FileChannel.open(
              path.resolve("lockstep.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StartupException(
            "LOCKSTEP_DATA_DIR: another Lockstep is using "
                + path
                + "; stop it, or give this one a folder of its own");
      }
      return new DataDirectory(path, channel);
    } catch (IOException e) {
      throw new StartupException(
          "LOCKSTEP_DATA_DIR: can't write " + path + " (" + e + "); make it writable", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisVeryProcess) {
      return null;
    }
  }

  /** Absolute. */
  public Path path() {
    return path;
  }

  /**
   * A secret in a file that only its owner can read; generated at the first call and constant
   * afterwards.
   */
  public String secret(String name) {
    Path file = path.resolve(name);
    try {
      if (!Files.exists(file)) {
        writeSecret(file);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new StartupException("LOCKSTEP_DATA_DIR: can't read or write " + file, e);
    }
  }

  private static void writeSecret(Path file) throws IOException {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, ownerOnly("rw-------"));
    Files.writeString(fresh, HexFormat.of().formatHex(bytes) + "\n");
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file);
    }
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("Can't release the lock on " + path, e);
    }
  }
}
