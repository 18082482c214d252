package dev.lockstep.sandbox.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 (RFC 2104), with which all vendors sign their webhooks. */
public final class Hmac {

  private Hmac() {}

  /** The code in lower-case hex. */
  public static String sha256(String secret, byte[] body) {
    return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.UTF_8), body));
  }

  public static byte[] sha256(byte[] key, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
