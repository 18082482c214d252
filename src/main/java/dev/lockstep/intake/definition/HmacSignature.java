package dev.lockstep.intake.definition;

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
 * HMAC-SHA256 signatures of a request body: one or more hex values, comma-separated in one header.
 * Several secrets may be valid at once, which allows rotation without downtime. See "Verifying
 * Signatures" in PagerDuty's webhook documentation. Thread-safe.
 */
public final class HmacSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int DIGEST_BYTES = 32;

  private final String header;
  private final String prefix;
  private final String setting;
  private final List<SecretKeySpec> keys;

  /**
   * @param setting the setting the secrets come from, for messages
   * @param secrets comma-separated; blank parts are ignored; null or blank: none
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

  public String header() {
    return header;
  }

  public String setting() {
    return setting;
  }

  public boolean hasSecret() {
    return !keys.isEmpty();
  }

  /** Whether a header contains a syntactically valid signature; does not verify it. */
  public boolean isWellFormed(@Nullable String headerValue) {
    return !parseSignatures(headerValue).isEmpty();
  }

  /** Whether one of the signatures was made with one of the secrets; constant-time comparison. */
  public boolean verifies(byte[] body, @Nullable String headerValue) {
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
          // Matches nothing; another signature may.
        }
      }
    }
    return signatures;
  }

  private static byte[] sign(SecretKeySpec key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM); // one per call: a Mac is not thread-safe
      mac.init(key);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
    }
  }
}
