package dev.lockstep.access;

import dev.lockstep.ops.DataDirectory;
import dev.lockstep.ops.StartupException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The token with which commands on this machine work without any set-up: {@code
 * LOCKSTEP_API_TOKEN}, or one generated at the first start and stored in {@code
 * LOCKSTEP_DATA_DIR/api-token}, which only its owner can read. It may do everything.
 */
@Component
final class LocalToken {
  static final String FILE = "api-token";

  /** In characters. */
  private static final int SHORTEST = 16;

  private final byte[] token;

  LocalToken(Environment environment, DataDirectory directory) {
    String given = environment.getProperty("LOCKSTEP_API_TOKEN", "").strip();
    String value = given.isEmpty() ? directory.secret(FILE) : given;
    if (value.length() < SHORTEST) {
      throw new StartupException(
          given.isEmpty()
              ? directory.path().resolve(FILE)
                  + ": the API token is empty or shorter than %d characters; delete the file, and Lockstep makes a new one"
                      .formatted(SHORTEST)
              : "LOCKSTEP_API_TOKEN: has fewer than %d characters, so that it can be guessed; set a longer one"
                  .formatted(SHORTEST));
    }
    this.token = value.getBytes(StandardCharsets.UTF_8);
  }

  /** Compares in constant time. */
  boolean accepts(String presented) {
    return MessageDigest.isEqual(token, presented.getBytes(StandardCharsets.UTF_8));
  }
}
