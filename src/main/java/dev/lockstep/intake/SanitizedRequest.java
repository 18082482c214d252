package dev.lockstep.intake;

import dev.lockstep.intake.definition.HmacSignature;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request reduced to its body and the headers that its definition names. Other headers would
 * trigger processing before the signature is verified: Camel decompresses {@code Content-Encoding:
 * gzip} without a size limit, Spring parses {@code multipart/form-data}, the servlet container
 * parses forms.
 */
final class SanitizedRequest extends HttpServletRequestWrapper {
  private static final String BYTES = "application/octet-stream";

  private volatile byte[] body = new byte[0];
  private final HmacSignature signature;
  private final List<String> headers;

  /**
   * @param sender the name of another header that is kept; empty for none
   */
  SanitizedRequest(HttpServletRequest request, HmacSignature signature, String sender) {
    super(request);
    this.signature = signature;
    this.headers =
        Stream.concat(signature.headers().stream(), Stream.of(sender))
            .filter(name -> !name.isEmpty())
            .toList();
  }

  /** Must be called when the body is complete and before anything reads it. */
  void setBody(byte[] whole) {
    this.body = whole;
  }

  @Override
  public @Nullable String getHeader(String name) {
    if (headers.stream().noneMatch(name::equalsIgnoreCase)) {
      return null;
    }
    List<String> values = Collections.list(super.getHeaders(name));
    return values.isEmpty() ? null : signature.joined(values);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    String value = getHeader(name);
    return value == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(value));
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    return Collections.enumeration(
        headers.stream().filter(name -> getHeader(name) != null).toList());
  }

  @Override
  public String getContentType() {
    return BYTES;
  }

  @Override
  public @Nullable String getCharacterEncoding() {
    return null;
  }

  @Override
  public int getContentLength() {
    return body.length;
  }

  @Override
  public long getContentLengthLong() {
    return body.length;
  }

  @Override
  public @Nullable String getQueryString() {
    return null;
  }

  @Override
  public @Nullable String getParameter(String name) {
    return null;
  }

  @Override
  public String @Nullable [] getParameterValues(String name) {
    return null;
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Map.of();
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.emptyEnumeration();
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  @Override
  public ServletInputStream getInputStream() {
    ByteArrayInputStream bytes = new ByteArrayInputStream(body);
    return new ServletInputStream() {
      @Override
      public int read() {
        return bytes.read();
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        return bytes.read(into, offset, length);
      }

      @Override
      public int available() {
        return bytes.available();
      }

      @Override
      public boolean isFinished() {
        return bytes.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException("The body is already complete");
      }
    };
  }
}
