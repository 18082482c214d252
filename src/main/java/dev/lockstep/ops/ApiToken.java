package dev.lockstep.ops;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * The token required by {@code /api}: {@code LOCKSTEP_API_TOKEN}, or one generated at the first
 * start and stored in {@code LOCKSTEP_DATA_DIR/api-token}, where the CLI reads it.
 */
@Component
final class ApiToken {
  static final String FILE = "api-token";

  /** In characters. */
  private static final int SHORTEST = 8;

  private final byte[] token;

  ApiToken(Environment environment, DataDirectory directory) {
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
