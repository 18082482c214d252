package dev.lockstep.connector;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.cxf.Bus;
import org.apache.cxf.helpers.CastUtils;
import org.apache.cxf.message.Message;
import org.apache.cxf.phase.AbstractPhaseInterceptor;
import org.apache.cxf.phase.Phase;

/**
 * CXF interceptors that expose what Camel components built on CXF hide: headers, and bodies of
 * answers that are errors or not JSON. Registered in {@code META-INF/cxf/bus-extensions.txt}; no
 * cost unless such a component is used.
 */
public final class CxfTap {

  public CxfTap(Bus bus) {
    // The JDK client under CXF repeats a GET up to five times when the connection breaks before an
    // answer. The inbox owns retries, and the rate limiter would not count the repetitions.
    if (System.getProperty("jdk.httpclient.redirects.retrylimit") == null) {
      System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    }
    bus.getOutInterceptors().add(new AddAuthorization());
    bus.getInInterceptors().add(new HearAnswer());
  }

  private static final class AddAuthorization extends AbstractPhaseInterceptor<Message> {
    AddAuthorization() {
      super(Phase.PRE_STREAM);
    }

    @Override
    public void handleMessage(Message message) {
      CxfCall call = CxfCall.current();
      Map<String, List<String>> headers =
          CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS));
      if (call != null && headers != null && !call.authorization().isEmpty()) {
        headers.put("Authorization", List.of(call.authorization()));
      }
      HttpClient client = message.get(HttpClient.class);
      if (call != null && client != null) {
        message.put(HttpClient.class, new SingleUseHttpClient(client));
      }
    }
  }

  private static final class HearAnswer extends AbstractPhaseInterceptor<Message> {
    HearAnswer() {
      super(Phase.RECEIVE);
    }

    @Override
    public void handleMessage(Message message) {
      CxfCall call = CxfCall.current();
      if (call == null || !(message.get(Message.RESPONSE_CODE) instanceof Integer status)) {
        return;
      }
      Map<String, String> headers = headers(message);
      call.recordHeaders(headers);
      InputStream answer = message.getContent(InputStream.class);
      if (answer != null) {
        message.setContent(InputStream.class, call.watch().limit(answer, status, answer));
      }
      boolean json = headers.getOrDefault("content-type", "").contains("json");
      if (status >= 300 || (!json && status != 204)) {
        try {
          byte[] body = body(message);
          call.recordResponse(
              new CxfCall.Response(status, headers, new String(body, StandardCharsets.UTF_8)));
        } catch (IOException e) {
          call.breakOff(e);
        }
        // The component's result is not used any more; it can parse this without an error.
        message.setContent(
            InputStream.class, new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)));
        message.put(Message.CONTENT_TYPE, "application/json");
        Map<String, List<String>> told =
            CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS));
        told.put("Content-Type", List.of("application/json"));
      }
    }

    private static Map<String, String> headers(Message message) {
      Map<String, List<String>> all =
          CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS));
      Map<String, String> first = new TreeMap<>();
      if (all != null) {
        all.forEach(
            (name, values) -> {
              if (name != null && !values.isEmpty()) {
                first.put(name.toLowerCase(Locale.ROOT), values.get(0));
              }
            });
      }
      return first;
    }

    private static byte[] body(Message message) throws IOException {
      InputStream in = message.getContent(InputStream.class);
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }
}
