package dev.lockstep.intake.definition;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA256 signatures of a request: one or more in one header. Several secrets may be valid at
 * once, which allows rotation without downtime. See "Verifying Signatures" in PagerDuty's webhook
 * documentation, and the specification "Standard Webhooks". Thread-safe.
 */
public final class HmacSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int DIGEST_BYTES = 32;
  private static final String BODY = "body";
  private static final Pattern PART = Pattern.compile("\\{([\\w-]+)}|[^{}]+");

  /**
   * How a system signs.
   *
   * @param header the header that holds the signatures
   * @param prefix what stands before each signature
   * @param separator what stands between them
   * @param base64 whether they are in base64 instead of hex
   * @param signed what is signed, {@code {body}} and the values of {@code {headers}} in it
   * @param secretPrefix what stands before the base64 form of a key; a secret without it is a key
   *     itself; empty: all are
   * @param timestamp null: the sender states none
   */
  record Scheme(
      String header,
      String prefix,
      String separator,
      boolean base64,
      String signed,
      String secretPrefix,
      @Nullable Timestamp timestamp) {
    Scheme {
      if (timestamp != null && !signed.contains("{" + timestamp.header() + "}")) {
        throw new IllegalArgumentException(
            "the header of `timestamp` must be in `signed`, or anyone could change it");
      }
    }

    /** Hex signatures of the body alone, comma-separated. */
    static Scheme ofBody(String header, String prefix) {
      return new Scheme(header, prefix, ",", false, "{" + BODY + "}", "", null);
    }
  }

  /**
   * When the request was signed, in seconds since 1970.
   *
   * @param within how much it may differ from the present time
   */
  record Timestamp(String header, Duration within) {}

  private final Scheme scheme;
  private final Set<String> headers;
  private final Pattern separator;
  private final String setting;
  private final List<SecretKeySpec> keys;

  /**
   * @param setting the setting the secrets come from, for messages
   * @param secrets comma-separated; blank parts are ignored; null or blank: none
   * @throws IllegalArgumentException when one has the prefix of a base64 form and is none
   */
  HmacSignature(Scheme scheme, String setting, @Nullable String secrets) {
    this.scheme = scheme;
    this.headers = headers(scheme);
    this.separator = Pattern.compile(scheme.separator(), Pattern.LITERAL);
    this.setting = setting;
    this.keys =
        Arrays.stream(secrets == null ? new String[0] : secrets.split(",", -1))
            .map(String::strip)
            .filter(secret -> !secret.isEmpty())
            .map(this::key)
            .toList();
  }

  private SecretKeySpec key(String secret) {
    String prefix = scheme.secretPrefix();
    if (prefix.isEmpty() || !secret.startsWith(prefix)) {
      return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }
    try {
      byte[] key = Base64.getDecoder().decode(secret.substring(prefix.length()));
      return new SecretKeySpec(key, ALGORITHM);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a secret in %s begins with %s and is not complete after it; copy it again"
              .formatted(setting, prefix),
          e);
    }
  }

  public String header() {
    return scheme.header();
  }

  /** The headers that a verification needs. */
  public Set<String> headers() {
    return headers;
  }

  private static Set<String> headers(Scheme scheme) {
    Set<String> headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    headers.add(scheme.header());
    PART.matcher(scheme.signed())
        .results()
        .map(part -> part.group(1))
        .filter(name -> name != null && !name.equals(BODY))
        .forEach(headers::add);
    if (scheme.timestamp() != null) {
      headers.add(scheme.timestamp().header());
    }
    return Collections.unmodifiableSet(headers);
  }

  public String setting() {
    return setting;
  }

  public boolean hasSecret() {
    return !keys.isEmpty();
  }

  /** Joins the values of a repeated header; equivalent to several signatures in one. */
  public String joined(List<String> values) {
    return String.join(scheme.separator(), values);
  }

  /** Whether a header contains a syntactically valid signature; does not verify it. */
  public boolean isWellFormed(@Nullable String headerValue) {
    return !parseSignatures(headerValue).isEmpty();
  }

  /**
   * Whether one of the signatures was made with one of the secrets, and in time; constant-time
   * comparison.
   *
   * @param headers the values of {@link #headers()}
   */
  public boolean verifies(byte[] body, Function<String, @Nullable String> headers, Instant now) {
    List<byte[]> given = parseSignatures(headers.apply(scheme.header()));
    byte[] signed = given.isEmpty() ? null : signed(body, headers);
    if (signed == null || !isInTime(headers, now)) {
      return false;
    }
    boolean matches = false;
    for (SecretKeySpec key : keys) {
      byte[] expected = sign(key, signed);
      for (byte[] signature : given) {
        matches |= MessageDigest.isEqual(expected, signature);
      }
    }
    return matches;
  }

  /** Null if a header is missing. */
  private byte @Nullable [] signed(byte[] body, Function<String, @Nullable String> headers) {
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    Matcher part = PART.matcher(scheme.signed());
    while (part.find()) {
      String name = part.group(1);
      if (BODY.equals(name)) {
        signed.writeBytes(body);
        continue;
      }
      String text = name == null ? part.group() : headers.apply(name);
      if (text == null) {
        return null;
      }
      signed.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return signed.toByteArray();
  }

  /** A request that somebody recorded cannot be sent again later. */
  private boolean isInTime(Function<String, @Nullable String> headers, Instant now) {
    Timestamp timestamp = scheme.timestamp();
    if (timestamp == null) {
      return true;
    }
    String text = headers.apply(timestamp.header());
    try {
      Instant at = Instant.ofEpochSecond(Long.parseLong(String.valueOf(text)));
      return Duration.between(at, now).abs().compareTo(timestamp.within()) <= 0;
    } catch (NumberFormatException | DateTimeException | ArithmeticException noTime) {
      return false;
    }
  }

  private List<byte[]> parseSignatures(@Nullable String headerValue) {
    List<byte[]> signatures = new ArrayList<>();
    if (headerValue == null) {
      return signatures;
    }
    for (String part : separator.split(headerValue, -1)) {
      String value = part.strip();
      if (value.startsWith(scheme.prefix())) {
        byte[] signature = decode(value.substring(scheme.prefix().length()));
        if (signature.length == DIGEST_BYTES) {
          signatures.add(signature);
        }
      }
    }
    return signatures;
  }

  /** Empty for what is not encoded so: it matches nothing; another signature may. */
  private byte[] decode(String text) {
    try {
      return scheme.base64() ? Base64.getDecoder().decode(text) : HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] sign(SecretKeySpec key, byte[] signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM); // one per call: a Mac is not thread-safe
      mac.init(key);
      return mac.doFinal(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
    }
  }
}
