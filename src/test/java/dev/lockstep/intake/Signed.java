package dev.lockstep.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as the senders do, without the code under test. */
public final class Signed {
  static final String PAGERDUTY_SECRET = "pagerduty-secret-for-tests";
  static final String SERVICENOW_SECRET = "servicenow-secret-for-tests";

  private Signed() {}

  public static String with(String secret, byte[] body) {
    return "v1=" + HexFormat.of().formatHex(code(secret, body));
  }

  /** Without a version before it. */
  public static String base64(String secret, byte[] signed) {
    return Base64.getEncoder().encodeToString(code(secret, signed));
  }

  private static byte[] code(String secret, byte[] signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
