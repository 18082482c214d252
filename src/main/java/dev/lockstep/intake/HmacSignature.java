package dev.lockstep.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a system signs: one or more HMAC-SHA256 values of the body, in hex, comma-separated in one
 * header. Several secrets may be valid at a time, so that one can be replaced without a gap. As in
 * PagerDuty's document "Verifying Signatures". Safe for use by many threads.
 */
final class HmacSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int DIGEST_BYTES = 32;

  private final String header;
  private final String prefix;
  private final String setting;
  private final List<SecretKeySpec> keys;

  /**
   * @param setting the name of the setting the secrets come from, to tell a person
   * @param secrets comma-separated; blank parts are passed over; null or blank: there is none
   */
  HmacSignature(String header, String prefix, String setting, @Nullable String secrets) {
    this.header = header;
    this.prefix = prefix;
    this.setting = setting;
    this.keys =
        Arrays.stream(secrets == null ? new String[0] : secrets.split(",", -1))
            .map(String::strip)
            .filter(secret -> !secret.isEmpty())
            .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
            .toList();
  }

  String header() {
    return header;
  }

  String setting() {
    return setting;
  }

  boolean hasSecret() {
    return !keys.isEmpty();
  }

  /** Whether a header holds something of a signature's form; says nothing of who made it. */
  boolean isWellFormed(@Nullable String headerValue) {
    return !parseSignatures(headerValue).isEmpty();
  }

  /** Whether one of the secrets made one of the signatures. How long it takes tells nothing. */
  boolean verifies(byte[] body, @Nullable String headerValue) {
    List<byte[]> given = parseSignatures(headerValue);
    if (given.isEmpty()) {
      return false;
    }
    boolean matches = false;
    for (SecretKeySpec key : keys) {
      byte[] expected = sign(key, body);
      for (byte[] signature : given) {
        matches |= MessageDigest.isEqual(expected, signature);
      }
    }
    return matches;
  }

  private List<byte[]> parseSignatures(@Nullable String headerValue) {
    List<byte[]> signatures = new ArrayList<>();
    if (headerValue == null) {
      return signatures;
    }
    for (String part : headerValue.split(",", -1)) {
      String value = part.strip();
      if (value.length() == prefix.length() + 2 * DIGEST_BYTES && value.startsWith(prefix)) {
        try {
          signatures.add(HexFormat.of().parseHex(value, prefix.length(), value.length()));
        } catch (IllegalArgumentException notHex) {
          // Matches nothing; another one may.
        }
      }
    }
    return signatures;
  }

  private static byte[] sign(SecretKeySpec key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM); // one per call: a Mac is not for several threads
      mac.init(key);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
    }
  }
}
